"""Our own side of the web server: the guard before everything, health, walls and downloads.

Pure ASGI and Starlette; Streamlit is not imported here. `app.py` puts it together.
"""
