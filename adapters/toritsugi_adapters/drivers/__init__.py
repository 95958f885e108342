"""What makes time pass: each driver calls the engine's tick and deliver and keeps no state of its own."""
