"""The staff's pages: findings, coverage, reports and policy, served inside Airflow's UI.

Knows nothing of Airflow: who is asking is given to it (`chapterwatch.airflow_plugin` does).
"""
