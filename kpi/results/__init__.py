"""From sums to numbers: divided, with interval, n and notes. Pure: columns in, results out."""
