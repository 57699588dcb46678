"""What lies in `dist`, held against what `package` would write there. Imports nothing of Pants."""
