"""The ten-line start in Python."""

from aws_cdk import App, Stack
from cdk_hipaa_pipeline import HipaaPipeline

app = App()
# No account, no region: the assembly can be deployed anywhere.
stack = Stack(app, "ClaimsStack")

HipaaPipeline(
    stack,
    "Claims",
    environment_suffix="prod",
    alarm_emails=["on-call@example.org"],
)

app.synth()
