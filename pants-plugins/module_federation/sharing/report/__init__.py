"""The federation plan in forms that people and other tools read."""
