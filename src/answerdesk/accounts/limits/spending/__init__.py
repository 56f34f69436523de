"""What language models may cost: reserved before they are asked, settled afterwards."""
