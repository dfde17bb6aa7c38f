"""The trained models: what each is, which one is live, putting one live, and going back."""
