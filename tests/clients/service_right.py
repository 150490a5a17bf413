"""Right: asks for a token when the first caller comes, and keeps it."""
from service import serve

serve()
