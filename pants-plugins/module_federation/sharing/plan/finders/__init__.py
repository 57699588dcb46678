"""What is wrong with a federation: small functions from a planned federation to findings."""
