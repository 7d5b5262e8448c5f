//! Writes that wait in the queue together are written together. Here the queue is full before anybody looks at it.

use super::*;

const ADD: &str = "INSERT INTO numbers VALUES (1)";
const ABORT: &str = "INSERT INTO numbers VALUES (-1)";
const ROLLBACK: &str = "INSERT INTO numbers VALUES (-2)";

#[test]
fn a_write_that_fails_by_itself_spoils_no_other() {
    let mut connection = numbers();
    assert_eq!(serve_writes(&mut connection, &[ADD, ABORT, ADD]), [true, false, true]);
    assert_eq!(count(&connection), 2);
}

#[test]
fn a_failed_transaction_is_told_to_its_whole_group() {
    let mut connection = numbers();
    assert_eq!(serve_writes(&mut connection, &[ADD, ROLLBACK, ADD]), [false, false, false]);
    assert_eq!(count(&connection), 0);
    assert_eq!(serve_writes(&mut connection, &[ADD]), [true]);
    assert_eq!(count(&connection), 1);
}

#[test]
fn a_failed_commit_is_told_to_its_whole_group() {
    let mut connection = numbers();
    // A reference that leads nowhere is noticed at the commit, not before.
    let refused = "INSERT INTO owners VALUES (7)";
    assert_eq!(serve_writes(&mut connection, &[ADD, refused, ADD]), [false, false, false]);
    assert_eq!(count(&connection), 0);
    assert_eq!(serve_writes(&mut connection, &[ADD]), [true]);
}

#[test]
fn a_transaction_that_cannot_begin_is_told_to_its_whole_group() {
    let mut connection = numbers();
    connection.execute_batch("BEGIN").unwrap();
    assert_eq!(serve_writes(&mut connection, &[ADD, ADD]), [false, false]);
}

#[test]
fn a_group_has_an_end() {
    let mut connection = numbers();
    let mut writes = vec![ADD; GROUP + 10];
    writes[GROUP - 1] = ROLLBACK;
    let written = serve_writes(&mut connection, &writes);
    assert_eq!(written, [vec![false; GROUP], vec![true; 10]].concat());
    assert_eq!(count(&connection), 10);
}

#[test]
fn a_read_does_not_see_what_is_not_committed() {
    let mut connection = numbers();
    let (jobs, queue) = mpsc::channel();
    let (write, written) = Task::new(|connection: &Connection| connection.execute(ADD, []));
    let (read, mut seen) = Task::new(|connection: &Connection| Ok(count(connection)));
    jobs.send(Job::Write(Box::new(write))).unwrap();
    jobs.send(Job::Read(Box::new(read))).unwrap();
    drop((jobs, written));
    serve(&mut connection, &queue);
    assert_eq!(seen.try_recv().unwrap().unwrap(), 0);
    assert_eq!(count(&connection), 1);
}

/// A table that refuses some numbers in ways of its own, and one that refuses at the commit.
fn numbers() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(
            "PRAGMA foreign_keys = ON;
             CREATE TABLE numbers (number INTEGER);
             CREATE TABLE ids (id INTEGER PRIMARY KEY);
             CREATE TABLE owners (id REFERENCES ids DEFERRABLE INITIALLY DEFERRED);
             CREATE TRIGGER abort BEFORE INSERT ON numbers WHEN new.number = -1
                 BEGIN SELECT RAISE(ABORT, 'no'); END;
             CREATE TRIGGER back BEFORE INSERT ON numbers WHEN new.number = -2
                 BEGIN SELECT RAISE(ROLLBACK, 'no'); END;",
        )
        .unwrap();
    connection
}

/// Writes all statements; returns for each whether it was told that it is done.
fn serve_writes(connection: &mut Connection, statements: &[&'static str]) -> Vec<bool> {
    let (jobs, queue) = mpsc::channel();
    let send = |statement: &&'static str| {
        let statement = *statement;
        let (task, answer) = Task::new(move |connection: &Connection| connection.execute(statement, []));
        jobs.send(Job::Write(Box::new(task))).unwrap();
        answer
    };
    let answers: Vec<_> = statements.iter().map(send).collect();
    drop(jobs);
    serve(connection, &queue);
    answers.into_iter().map(|mut answer| answer.try_recv().unwrap().is_ok()).collect()
}

fn count(connection: &Connection) -> i64 {
    connection.query_row("SELECT count(*) FROM numbers", [], |row| row.get(0)).unwrap()
}
