//! Groups, items and users in XML, to the byte as the archive writes them.

use super::groups::Group;
use super::items::Item;
use crate::fault::{cdata, escape};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Some groups, with or without their members.
pub fn groups(groups: &[Group], with_users: bool) -> String {
    let mut out = format!("{HEAD}<sharedGroups>\n");
    for group in groups {
        out += &format!("<sharedGroup id=\"{}\" owner=\"{}\">\n", escape(&group.id), escape(&group.owner));
        out += &texts(group.title.as_deref(), group.description.as_deref());
        if with_users {
            out += &user_list(&group.users);
        }
        out += "</sharedGroup>\n";
    }
    out + "</sharedGroups>\n"
}

/// Some items of one owner, with or without those with whom they are shared.
pub fn items(items: &[Item], owner: &str, with_relations: bool) -> String {
    let mut out = format!("{HEAD}<sharedItems owner=\"{}\">\n", escape(owner));
    for item in items {
        out += &format!("<sharedItem id=\"{}\" type=\"0\">\n", escape(&item.id));
        out += &texts(item.title.as_deref(), item.description.as_deref());
        if with_relations && !item.relations.is_empty() {
            out += "\t<sharedToItems>\n";
            for shared in &item.relations {
                out += &format!(
                    "<sharedToItem shareTo=\"{}\" shareType=\"{}\" shareMode=\"{}\"/>\n",
                    escape(&shared.share_to),
                    shared.kind.word(),
                    shared.mode.word()
                );
            }
            out += "\t</sharedToItems>\n";
        }
        out += "</sharedItem>\n";
    }
    out + "</sharedItems>\n"
}

/// Some users, login and full name.
pub fn users(users: &[(String, String)]) -> String {
    format!("{HEAD}{}", user_list(users))
}

fn texts(title: Option<&str>, description: Option<&str>) -> String {
    let text = |text: Option<&str>| text.map(cdata).unwrap_or_default();
    format!("\t<title>{}</title>\n\t<description>{}</description>\n", text(title), text(description))
}

fn user_list(users: &[(String, String)]) -> String {
    if users.is_empty() {
        return String::new();
    }
    let user =
        |(login, name): &(String, String)| format!("\t\t<user id=\"{}\" name=\"{}\"/>\n", escape(login), escape(name));
    format!("\t<users>\n{}\t</users>\n", users.iter().map(user).collect::<String>())
}
