import click

click.echo("shop")
