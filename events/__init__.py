"""Facts. What has happened, and the values facts are made of."""
