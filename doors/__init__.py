"""What the server offers beside the screen: accounts, the gate, and the doors for other programs."""
