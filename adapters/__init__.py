"""Everything that touches the world; each subpackage implements ports of the domain and knows no other."""
