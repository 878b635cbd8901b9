"""How the application is wired: settings, addresses, the server's entry. No rule of the field lives here."""
