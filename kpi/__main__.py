"""`python -m kpi` is `ketenzicht`."""

from kpi.cli import main

if __name__ == "__main__":
    main()
