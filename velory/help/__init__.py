"""The handbook of docs/handbook, as the product shows it under /help/."""
