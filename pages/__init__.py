"""What people see: each page asks, loads and shows. `shell.py` is the script Streamlit runs."""
