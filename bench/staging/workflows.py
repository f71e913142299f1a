"""Workflows of one webhook, which is signed as all events of the benches are."""


def of_webhook(name, tasks, trigger=""):
    """`tasks`: lines of the only taskflow; `trigger`: another line of the
    webhook's."""
    return f"""
workflow_name: {name}
global_configs: {{secrets: {{hook: {{env: WEBHOOK_SECRET}}}}}}
triggers:
  - id: hook
    type: webhook
    config: {{http_path: /webhook, secret_ref: hook, signature: {{scheme: hmac}}}}
    {trigger}
    target_taskflow: main
taskflows:
  - taskflow_id: main
    tasks:
{tasks}"""
