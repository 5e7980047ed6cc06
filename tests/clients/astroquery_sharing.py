"""Sharing with astroquery: a teacher makes a group, takes a student in, shares a table, and takes it all back.

Each step is read back as plain XML in the session of the other user.
"""

from astropy.table import Table

import gaia
import sandbox
from gaia import read
from reader import Reader

TEACHER, STUDENT = "teacher", "student"
GROUP = "the class of astronomy"
TABLE = "user_teacher.lesson"


def run(checks, tap):
    teacher, student = gaia.signed_in(tap, TEACHER), gaia.signed_in(tap, STUDENT)
    people = teacher, student, Reader(tap, TEACHER), Reader(tap, STUDENT)
    steps = [
        ("there is a table to share", prepare, ()),
        ("a user is known or not", known, "load_user(…)"),
        ("a group is made", create, ["share_group_create(…)", "load_groups()"]),
        ("a user is taken in", add, ["share_group_add_user(…)", "load_groups()"]),
        ("a table is shared", share, ["share_table(…)", "load_shared_items()"]),
        ("shared tables are listed on request", listed, "load_tables(only_names=True, include_shared_tables=True)"),
        ("a table is shared no more", stop, ["share_table_stop(…)", "load_shared_items()"]),
        ("who leaves the group loses the table", leave, "share_group_delete_user(…)"),
        ("a group is deleted", delete, ["share_group_delete(…)", "load_groups()"]),
        ("nobody may do any of it", nobody, ()),
    ]
    for name, step, proves in steps:
        checks.run(name, step, *people, proves=proves)


def groups(reader):
    """The groups by title: identifier and users."""
    return {
        group.findtext("title"): (group.get("id"), {user.get("id") for user in group.iter("user")})
        for group in reader.document("share", action="GetGroups").iter("sharedGroup")
    }


def items(reader):
    """What is shared, and with which groups."""
    return {
        item.findtext("title"): {to.get("shareTo") for to in item.iter("sharedToItem")}
        for item in reader.document("share", action="GetSharedItems").iter("sharedItem")
    }


def prepare(teacher, _student, teacher_reads, student_reads):
    teacher.upload_table(upload_resource=Table({"number": [3, 1, 2]}), table_name="lesson")
    sandbox.same(len(teacher_reads.rows(f"SELECT * FROM {TABLE}")), 3, "rows")
    student_reads.fails(f"SELECT * FROM {TABLE}")


def known(teacher, _student, _teacher_reads, _student_reads):
    assert teacher.load_user(STUDENT) is True, "the student is not known"
    assert teacher.load_user("nonsuch") is False, "a user is known that there is not"


def create(teacher, _student, teacher_reads, student_reads):
    teacher.share_group_create(group_name=GROUP, description="Mondays in room 5")
    _identifier, users = groups(teacher_reads)[GROUP]
    assert users <= {TEACHER}, users
    [group] = [group for group in teacher.load_groups() if group.title == GROUP]
    sandbox.same(group.owner, TEACHER, "owner")
    sandbox.same(group.description, "Mondays in room 5", "description")
    assert GROUP not in groups(student_reads), "the student is in it already"


def add(teacher, student, teacher_reads, student_reads):
    teacher.share_group_add_user(group_name=GROUP, user_id=STUDENT)
    assert STUDENT in groups(teacher_reads)[GROUP][1], groups(teacher_reads)
    assert GROUP in groups(student_reads), f"the student sees {groups(student_reads)}"
    [group] = [group for group in student.load_groups() if group.title == GROUP]
    assert STUDENT in [user.id for user in group.users], "the student is not in it"
    gaia.refused(teacher.share_group_add_user, group_name=GROUP, user_id="nonsuch")


def share(teacher, student, teacher_reads, student_reads):
    student_reads.fails(f"SELECT * FROM {TABLE}")
    teacher.share_table(group_name=GROUP, table_name=TABLE, description="for the lesson")
    sandbox.same(items(teacher_reads)[TABLE], {groups(teacher_reads)[GROUP][0]}, "groups that it is shared with")
    rows = read(student.launch_job(f"SELECT number FROM {TABLE} ORDER BY number"))
    sandbox.same([int(value) for value in rows["number"]], [1, 2, 3], "rows that the student reads")
    sandbox.same([row["number"] for row in student_reads.rows(f"SELECT number FROM {TABLE} ORDER BY number")], ["1", "2", "3"])
    assert TABLE in [item.title for item in teacher.load_shared_items()], "the teacher does not see it"
    sandbox.same([column.name for column in student.load_table(TABLE).columns], ["lesson_oid", "number"], "columns")
    gaia.refused(student.delete_user_table, table_name=TABLE, force_removal=True)
    sandbox.same(len(teacher_reads.rows(f"SELECT * FROM {TABLE}")), 3, "rows that are left")


def listed(_teacher, student, _teacher_reads, student_reads):
    names = {table.get_qualified_name() for table in student.load_tables(only_names=True, include_shared_tables=True)}
    sandbox.same(names, student_reads.tables(share_accessible="true"), "tables with the shared ones")
    assert TABLE in names, names
    assert TABLE in {table.get_qualified_name() for table in student.load_tables(include_shared_tables=True)}
    assert TABLE not in {table.get_qualified_name() for table in student.load_tables(only_names=True)}, "unasked"


def stop(teacher, student, teacher_reads, student_reads):
    teacher.share_table_stop(group_name=GROUP, table_name=TABLE)
    assert TABLE not in items(teacher_reads), items(teacher_reads)
    assert TABLE not in [item.title for item in teacher.load_shared_items()]
    student_reads.fails(f"SELECT * FROM {TABLE}")
    assert TABLE not in student_reads.tables(share_accessible="true"), "it is still listed"
    gaia.refused(student.launch_job, f"SELECT * FROM {TABLE}")
    sandbox.same(len(teacher_reads.rows(f"SELECT * FROM {TABLE}")), 3, "rows that the teacher reads")


def leave(teacher, student, teacher_reads, student_reads):
    """A second user has to stay: an empty list of users changes nothing in the archive, and astroquery sends one."""
    teacher.share_group_add_user(group_name=GROUP, user_id="demo")
    teacher.share_table(group_name=GROUP, table_name=TABLE)
    sandbox.same(len(student_reads.rows(f"SELECT * FROM {TABLE}")), 3, "rows before")
    teacher.share_group_delete_user(group_name=GROUP, user_id=STUDENT)
    assert STUDENT not in groups(teacher_reads)[GROUP][1], groups(teacher_reads)
    assert "demo" in groups(teacher_reads)[GROUP][1], groups(teacher_reads)
    assert GROUP not in groups(student_reads), "the student still sees the group"
    student_reads.fails(f"SELECT * FROM {TABLE}")


def delete(teacher, _student, teacher_reads, _student_reads):
    teacher.share_group_delete(group_name=GROUP)
    assert GROUP not in groups(teacher_reads), groups(teacher_reads)
    assert GROUP not in [group.title for group in teacher.load_groups()]
    demo = Reader(teacher_reads.tap, "demo")
    demo.fails(f"SELECT * FROM {TABLE}")


def nobody(_teacher, _student, teacher_reads, _student_reads):
    client = gaia.injected(teacher_reads.tap)
    for call, options in [
        (client.load_groups, {}),
        (client.load_shared_items, {}),
        (client.load_user, {"user_id": TEACHER}),
        (client.share_group_create, {"group_name": "mine"}),
        (client.upload_table, {"upload_resource": Table({"number": [1]}), "table_name": "mine"}),
        (client.delete_user_table, {"table_name": TABLE}),
        (client.set_ra_dec_columns, {"table_name": TABLE, "ra_column_name": "number", "dec_column_name": "number"}),
    ]:
        gaia.refused(call, **options)
    sandbox.same(len(teacher_reads.rows(f"SELECT * FROM {TABLE}")), 3, "rows that are left")
