use super::*;
use crate::domain::access::AccessLevel;
use crate::domain::role::term::Term;

fn read_text(text: &str) -> (Vec<RosterRow>, Vec<String>) {
    let (rows, problems) = read(text.as_bytes(), &Settings::default());
    (rows, problems.iter().map(ToString::to_string).collect())
}

#[track_caller]
fn rows(text: &str) -> Vec<RosterRow> {
    let (rows, problems) = read_text(text);
    assert_eq!(problems, [""; 0], "{text}");
    rows
}

fn problems(text: &str) -> Vec<String> {
    read_text(text).1
}

#[test]
fn a_row_is_a_login_with_what_its_profile_and_its_columns_say() {
    let text = "env,database,profile,username,servername,port,env_prefix,farmname,access,connection_limit,valid_for,deliver,reason\n\
                dev,app,devqa,jane,,,,,readonly,3,90d,file:/run/{username},\"new, in May\"\n\
                qa,app,app,,web01,8080,,,,none,none,,\n\
                qa,app,k8s,,,,dv,farm,,,,,\n";
    let rows = rows(text);
    let names: Vec<_> = rows.iter().map(|row| row.role.as_str()).collect();
    assert_eq!(names, ["jane", "web01_8080", "dv_farm"]);
    let lines: Vec<_> = rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [2, 3, 4]);
    assert_eq!(rows[0].profile.access, AccessLevel::Readonly);
    assert_eq!(rows[0].profile.connection_limit, Some(3));
    assert_eq!(rows[0].term, Some(Term::Renewed("90d".parse().unwrap())));
    assert_eq!(rows[0].deliver.to_string(), "file:/run/{username}");
    assert_eq!(rows[0].reason.as_deref(), Some("new, in May"));
    assert_eq!(rows[1].profile.access, AccessLevel::Readwrite);
    assert_eq!(rows[1].profile.connection_limit, None);
    assert_eq!(rows[1].term, Some(Term::ForEver));
    assert_eq!(rows[2].term, None);
    assert!(rows[2].deliver.is_stdout());
}

#[test]
fn what_spreadsheets_write_is_read() {
    for text in [
        "\u{feff}env;database;profile;username\r\ndev;app;devqa;jane\r\n;;;\r\n",
        "env\tdatabase\tprofile\tusername\ndev\tapp\tdevqa\tjane",
        "Env, Database, Profile, Username\n\n  \n dev , app , devqa , jane \n",
        "\n\"env\",\"database\",\"profile\",\"username\"\n\"dev\",\"app\",\"devqa\",\"jane\"\n",
        "{\"env\":\"dev\",\"database\":\"app\",\"profile\":\"devqa\",\"username\":\"jane\",\"reason\":null}\n",
    ] {
        let rows = rows(text);
        assert_eq!(rows.len(), 1, "{text}");
        assert_eq!(rows[0].role.as_str(), "jane", "{text}");
    }
}

#[test]
fn all_that_is_wrong_is_named_with_line_and_column() {
    let text = "env,database,profile,username,connection_limit,access\n\
                dev,app,devqa,jane,many,root\n\
                \n\
                dve,,devqua,pg_x,,\n\
                \"dev\",\"app\",devqa,\"two\nlines\",,\n\
                dev,app,devqa\n\
                dev,app,devqa,joe,,\n";
    assert_eq!(
        problems(text),
        [
            "line 2, column access: \"root\" is not a valid access level; expected one of none, readonly, readwrite, ddl",
            "line 2, column connection_limit: a connection limit is a number from 0 to 2147483647, or \"none\"",
            "line 4, column env: unknown environment \"dve\"; known: dev, qa, uat, prod",
            "line 4, column database: empty",
            "line 4, column username: role name \"pg_x\" is reserved: PostgreSQL keeps names that begin with \"pg_\"",
            "line 4, column profile: unknown profile \"devqua\"; known: app, k8s, devqa, devlead, readonly, dba",
            "line 5, column username: role name \"two\\nlines\" contains a line break, which PostgreSQL 19 and pg_upgrade refuse",
            "line 7: 3 values, where the header has 6 columns",
        ]
    );
    assert_eq!(read_text(text).0.len(), 1);
}

#[test]
fn a_name_is_given_in_one_way() {
    let header = "env,database,profile,username,servername,port,env_prefix,farmname\n";
    for (row, wanted) in [
        (
            "dev,app,app,,,,,",
            "line 2, column username: the role has no name",
        ),
        (
            "dev,app,app,,web01,,,",
            "line 2, column port: empty, where servername is given",
        ),
        (
            "dev,app,app,,,8080,,",
            "line 2, column servername: empty, where port is given",
        ),
        (
            "dev,app,k8s,,,,,farm",
            "line 2, column env_prefix: empty, where farmname is given",
        ),
        (
            "dev,app,app,,web01,http,,",
            "line 2, column port: not a port: a number from 1 to 65535",
        ),
        (
            "dev,app,app,,web01,0,,",
            "line 2, column port: not a port: a number from 1 to 65535",
        ),
        (
            "dev,app,app,jane,web01,8080,,",
            "line 2, column servername: the role has two names: by username and by servername",
        ),
    ] {
        assert_eq!(problems(&format!("{header}{row}\n")), [wanted], "{row}");
    }
}

#[test]
fn a_header_is_checked_before_its_rows() {
    let unknown = "unknown column \"usrname\"; known: env, database, profile, username, servername, port, env_prefix, farmname, access, connection_limit, valid_for, deliver, reason";
    for (text, wanted) in [
        ("", vec!["the file is empty".to_owned()]),
        (
            "env,database,profile,username\n",
            vec!["the file has no rows".to_owned()],
        ),
        (
            "env,database,profile,usrname\ndev,app,devqa,jane\n",
            vec![format!("line 1: {unknown}")],
        ),
        (
            "env,env,profile,username\n",
            vec![
                "line 1, column env: the column is there twice".to_owned(),
                "line 1: the header has no column \"database\"".to_owned(),
            ],
        ),
        (
            "{\"env\":\"dev\",\"usrname\":1}\n{\"env\":\n{\"env\":[]}\n{\"env\":\"dev\",\"database\":\"a\",\"profile\":\"dba\",\"username\":\"x\"} x",
            vec![
                format!("line 1: {unknown}"),
                "line 2, column 7: not valid JSON: EOF while parsing a value".to_owned(),
                "line 3, column env: not a text or a number".to_owned(),
                "line 4, column 61: not valid JSON: trailing characters".to_owned(),
            ],
        ),
        (
            "env,database,profile,username\ndev,app,devqa,\"jane\ndev,app,devqa,joe\n",
            vec!["line 2: a quotation mark is not closed".to_owned()],
        ),
    ] {
        assert_eq!(problems(text), wanted, "{text}");
    }
    let (_, found) = read(b"env\nd\xe4v\n", &Settings::default());
    assert_eq!(found[0].to_string(), "line 2: not valid UTF-8");
    let (_, found) = read(
        b"env,database,profile,username,password\n",
        &Settings::default(),
    );
    let hint = "leave it out: each password is generated, and delivered";
    assert_eq!(found[0].hint.as_deref(), Some(hint));
    let (_, found) = read(b"env,database,profile,usrname\n", &Settings::default());
    assert_eq!(found[0].hint.as_deref(), Some("did you mean \"username\"?"));
}
