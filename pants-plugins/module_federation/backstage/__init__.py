"""What Backstage asks of a Module Federation remote. Nothing here imports Pants."""
