"""Intent. What someone asks for, and how it is carried out."""
