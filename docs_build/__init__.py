"""What the site in docs/ is made with: pages that repeat what code and data say are written from it, never by hand.

`python -m docs_build` writes them anew, `--check` only tells which of them are out of date. `docs_build.shots` takes
the pictures of Airflow's forms, `docs_build.staff_shots` those of reports and of the staff's pages. None of this is
installed with Chapterwatch.
"""
