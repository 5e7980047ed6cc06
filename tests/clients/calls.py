"""The calls that the protocol's reference names for foreign clients (its section 13), and the count of those proven.

A test says which of them it proves. A call that no test proves, or whose test failed, fails the run, so that nothing can drop
out of the proof unseen.
"""

ASTROQUERY = [
    "GaiaClass(…, show_server_messages=True)",
    "load_tables()",
    "load_tables(only_names=True, include_shared_tables=True)",
    "load_table('s.t')",
    "launch_job(q, output_format='votable')",
    "launch_job(q, output_format='votable_plain')",
    "launch_job(q, output_format='csv')",
    "launch_job(q, output_format='ecsv')",
    "launch_job(q, output_format='json')",
    "launch_job(q, output_format='fits')",
    "launch_job(q, upload_resource=path, upload_table_name='t')",
    "launch_job_async(q, name='n', autorun=False)",
    "launch_job_async(q, name='n', autorun=True)",
    "get_results()",
    "list_async_jobs()",
    "search_async_jobs(jobfilter=Filter)",
    "load_async_job(jobid=…)",
    "remove_jobs([…])",
    "get_datalinks(ids)",
    "load_data(ids, data_release='Gaia DR3', retrieval_type='ALL', format='votable')",
    "login(user=…, password=…)",
    "logout()",
    "upload_table(upload_resource=…, table_name='t')",
    "upload_table_from_job(job=…)",
    "delete_user_table(table_name=…, force_removal=True)",
    "update_user_table(…)",
    "set_ra_dec_columns(…)",
    "rename_table(…)",
    "share_group_create(…)",
    "share_group_delete(…)",
    "share_group_add_user(…)",
    "share_group_delete_user(…)",
    "share_table(…)",
    "share_table_stop(…)",
    "load_groups()",
    "load_shared_items()",
    "load_user(…)",
    "cross_match(…)",
    "cone_search(…)",
    "query_object(…)",
    "TapPlus(url=…)",
]

PYVO = [
    "TAPService(url)",
    "tables",
    "search(q, maxrec=…)",
    "run_async(q)",
    "submit_job(q)",
    "get_job_list()",
    "capabilities",
    "uploads={'t': path}",
    "DatalinkResults.from_result_url(url)",
    "TAPService(url, session=requests.Session with the login cookies)",
]


class Proof:
    """Which calls of a list are proven."""

    def __init__(self, calls):
        self.results = {call: [] for call in calls}

    def note(self, call, passed):
        """A test of this call passed, or did not."""
        if call not in self.results:
            raise KeyError(f"{call!r} is not a call of the list")
        self.results[call].append(passed)

    def report(self):
        """Prints the list; whether all of it is proven."""
        proven = {call: bool(results) and all(results) for call, results in self.results.items()}
        for call, passed in proven.items():
            word = "passed" if passed else "FAILED" if self.results[call] else "NO TEST"
            print(f"{word:8}{call}")
        print(f"{sum(proven.values())} of {len(proven)} calls of the list")
        return all(proven.values())
