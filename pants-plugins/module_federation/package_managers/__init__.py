"""What npm, pnpm and Yarn are asked to do differently. Pure: nothing here imports Pants."""
