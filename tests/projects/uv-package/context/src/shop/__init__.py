import click


def main():
    click.echo("hello")
