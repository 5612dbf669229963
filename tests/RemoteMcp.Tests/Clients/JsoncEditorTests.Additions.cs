using RemoteMcp.Cli.Clients.Jsonc;
using Xunit;

namespace RemoteMcp.Tests.Clients;

/// <content>Where an entry is added to files as people have them.</content>
public sealed partial class JsoncEditorTests
{
    public static TheoryData<string, string, string> Additions => new()
    {
        {
            "an empty file", "",
            """
            {
              "mcpServers": {
                "new": {
                  "url": "http://h/?a=1&b=2"
                }
              }
            }

            """
        },
        {
            "white space only", "\n\n",
            """
            {
              "mcpServers": {
                "new": {
                  "url": "http://h/?a=1&b=2"
                }
              }
            }


            """
        },
        {
            "nothing but a comment", "// my servers",
            """
            // my servers
            {
              "mcpServers": {
                "new": {
                  "url": "http://h/?a=1&b=2"
                }
              }
            }

            """
        },
        {
            "an empty object", "{}",
            """
            {
              "mcpServers": {
                "new": {
                  "url": "http://h/?a=1&b=2"
                }
              }
            }
            """
        },
        {
            "an empty object over two lines", "{\n}\n",
            """
            {
              "mcpServers": {
                "new": {
                  "url": "http://h/?a=1&b=2"
                }
              }
            }

            """
        },
        {
            "no such section, indented by four",
            """
            {
                "other": [1, 2]
            }
            """,
            """
            {
                "other": [1, 2],
                "mcpServers": {
                    "new": {
                        "url": "http://h/?a=1&b=2"
                    }
                }
            }
            """
        },
        {
            "an empty section",
            """
            {
              "mcpServers": {},
              "other": true
            }
            """,
            """
            {
              "mcpServers": {
                "new": {
                  "url": "http://h/?a=1&b=2"
                }
              },
              "other": true
            }
            """
        },
        {
            "a section with nothing but a comment",
            """
            {
              "mcpServers": {
                // add servers here
              }
            }
            """,
            """
            {
              "mcpServers": {
                // add servers here
                "new": {
                  "url": "http://h/?a=1&b=2"
                }
              }
            }
            """
        },
        {
            "a section with a comment on the line of its braces", "{\n  \"mcpServers\": { /* none */ }\n}",
            "{\n  \"mcpServers\": { /* none */ \n    \"new\": {\n      \"url\": \"http://h/?a=1&b=2\"\n    }\n  }\n}"
        },
        {
            "a comment behind the last member",
            """
            {
              "mcpServers": {
                "old": {} // keep me
              }
            }
            """,
            """
            {
              "mcpServers": {
                "old": {}, // keep me
                "new": {
                  "url": "http://h/?a=1&b=2"
                }
              }
            }
            """
        },
        {
            "a server that is commented out at the end",
            """
            {
              "mcpServers": {
                "old": {}
                // "off": { "url": "http://off" },
                /* "offToo": {} */
              }
            }
            """,
            """
            {
              "mcpServers": {
                "old": {},
                // "off": { "url": "http://off" },
                /* "offToo": {} */
                "new": {
                  "url": "http://h/?a=1&b=2"
                }
              }
            }
            """
        },
        {
            "trailing commas everywhere",
            """
            {
              "mcpServers": {
                "old": { "args": [1, 2, ], },
              },
            }
            """,
            """
            {
              "mcpServers": {
                "old": { "args": [1, 2, ], },
                "new": {
                  "url": "http://h/?a=1&b=2"
                },
              },
            }
            """
        },
        {
            "a trailing comma on the next line, behind a comment", "{\"mcpServers\": {\n\t\"old\": {} // why\n\t,\n}}",
            "{\"mcpServers\": {\n\t\"old\": {} // why\n\t,\n\t\"new\": {\n\t  \"url\": \"http://h/?a=1&b=2\"\n\t},\n}}"
        },
        {
            "comments between everything",
            "/*1*/{/*2*/\"mcpServers\"/*3*/:/*4*/{/*5*/\"old\"/*6*/:/*7*/1/*8*/}/*9*/}/*10*/",
            "/*1*/{/*2*/\"mcpServers\"/*3*/:/*4*/{/*5*/\"old\"/*6*/:/*7*/1,/*8*/ \"new\": {\"url\":\"http://h/?a=1&b=2\"}}/*9*/}/*10*/"
        },
        {
            "line comments between everything",
            "//1\n{//2\n\"mcpServers\"//3\n://4\n{//5\n\"old\"//6\n://7\n1//8\n}//9\n}//10",
            "//1\n{//2\n\"mcpServers\"//3\n://4\n{//5\n\"old\"//6\n://7\n1,//8\n\"new\": {\n\"url\": \"http://h/?a=1&b=2\"\n}\n}//9\n}//10"
        },
        {
            "comment marks inside strings", """{"//": "/*", "mcpServers": {"*/": "// \" /*"}}""",
            """{"//": "/*", "mcpServers": {"*/": "// \" /*", "new": {"url":"http://h/?a=1&b=2"}}}"""
        },
        {
            "a comment with braces, quotes and a line separator", "{ // } \" \u2028 {\n}",
            "{ // } \" \u2028 {\n  \"mcpServers\": {\n    \"new\": {\n      \"url\": \"http://h/?a=1&b=2\"\n    }\n  }\n}"
        },
        {
            "Windows line ends", "{\r\n  \"mcpServers\": {\r\n    \"old\": {}\r\n  }\r\n}\r\n",
            "{\r\n  \"mcpServers\": {\r\n    \"old\": {},\r\n    \"new\": {\r\n      \"url\": \"http://h/?a=1&b=2\"\r\n    }\r\n  }\r\n}\r\n"
        },
        {
            "carriage returns alone", "{\r \"mcpServers\": {}\r}",
            "{\r \"mcpServers\": {\r  \"new\": {\r   \"url\": \"http://h/?a=1&b=2\"\r  }\r }\r}"
        },
        {
            "a byte order mark", "\uFEFF{\n  \"mcpServers\": {}\n}",
            "\uFEFF{\n  \"mcpServers\": {\n    \"new\": {\n      \"url\": \"http://h/?a=1&b=2\"\n    }\n  }\n}"
        },
        {
            "a byte order mark and nothing else", "\uFEFF",
            "\uFEFF{\n  \"mcpServers\": {\n    \"new\": {\n      \"url\": \"http://h/?a=1&b=2\"\n    }\n  }\n}\n"
        },
        {
            "tabs", "{\n\t\"mcpServers\": {\n\t\t\"old\": {}\n\t}\n}",
            "{\n\t\"mcpServers\": {\n\t\t\"old\": {},\n\t\t\"new\": {\n\t\t\t\"url\": \"http://h/?a=1&b=2\"\n\t\t}\n\t}\n}"
        },
        {
            "no indentation at all", "{\n\"mcpServers\": {\n\"old\": {}\n}\n}",
            "{\n\"mcpServers\": {\n\"old\": {},\n\"new\": {\n\"url\": \"http://h/?a=1&b=2\"\n}\n}\n}"
        },
        {
            "braces on lines of their own",
            """
            {
              "mcpServers":
              {
                "old":
                {
                }
              }
            }
            """,
            """
            {
              "mcpServers":
              {
                "old":
                {
                },
                "new": {
                  "url": "http://h/?a=1&b=2"
                }
              }
            }
            """
        },
        {
            "everything on one line", """{"mcpServers":{"old":{"url":"x"}},"other":1}""",
            """{"mcpServers":{"old":{"url":"x"}, "new": {"url":"http://h/?a=1&b=2"}},"other":1}"""
        },
        {
            "one line with an empty section", """{"mcpServers":{}}""",
            """
            {"mcpServers":{
              "new": {
                "url": "http://h/?a=1&b=2"
              }
            }}
            """
        },
        {
            "one line that ends with a comma", """{ "mcpServers": { "old": 1, }, }""",
            """{ "mcpServers": { "old": 1, "new": {"url":"http://h/?a=1&b=2"}, }, }"""
        },
        {
            "a section whose name is escaped", """{"mcp\u0053ervers": {"a": 1}}""",
            """{"mcp\u0053ervers": {"a": 1, "new": {"url":"http://h/?a=1&b=2"}}}"""
        },
        {
            "the same names, but elsewhere", """{"inner": {"mcpServers": {"new": 1}}, "new": 2, "mcpServers": {"a": {"new": 3}}}""",
            """{"inner": {"mcpServers": {"new": 1}}, "new": 2, "mcpServers": {"a": {"new": 3}, "new": {"url":"http://h/?a=1&b=2"}}}"""
        },
        {
            "names in other letters", """{"ключ": "значение 🦊", "mcpServers": {"é": 1}}""",
            """{"ключ": "значение 🦊", "mcpServers": {"é": 1, "new": {"url":"http://h/?a=1&b=2"}}}"""
        },
        {
            "escapes that a rewrite would lose", """{"a": "\u00e9\/\u0001", "n": 1.50e+10, "mcpServers": {"\/": null}}""",
            """{"a": "\u00e9\/\u0001", "n": 1.50e+10, "mcpServers": {"\/": null, "new": {"url":"http://h/?a=1&b=2"}}}"""
        },
    };

    [Theory]
    [MemberData(nameof(Additions))]
    public void An_entry_is_added_and_nothing_else_changes(string what, string before, string after)
    {
        Assert.NotEmpty(what);

        var (text, change) = Jsonc.Set(before, _path, Value);

        Assert.Equal(after, text);
        Assert.Equal(JsoncChange.Added, change);
        Assert.Equal("http://h/?a=1&b=2", (string?)Jsonc.Parse(text)["mcpServers"]!["new"]!["url"]);
        Assert.Equal((text, JsoncChange.None), Jsonc.Set(text, _path, Value));
    }
}
