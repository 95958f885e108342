"""The step vocabulary: each module declares its phrases when it is imported; `vocabulary` imports them all."""
