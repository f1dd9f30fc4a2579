"""BigCommerce of one store behind the domain's ports: login, orders and their money, checkout, set-up."""
