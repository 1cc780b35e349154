"""What ministack lacks or does differently from AWS, one module a concern; `launch` lists them."""
