using Xunit;

namespace RemoteMcp.Tests.Clients;

/// <content>Tests the position of an added entry in files with comments and trailing commas.</content>
public sealed partial class JsoncEditorTests
{
    public static TheoryData<string, string, string> AdditionsAmongComments => new()
    {
        {
            "only a comment", "// my servers",
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
            "a section with only a comment",
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
            "a comment after the last member",
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
            "a trailing comma on the next line, after a comment", "{\"mcpServers\": {\n\t\"old\": {} // why\n\t,\n}}",
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
            "one line that ends with a comma", """{ "mcpServers": { "old": 1, }, }""",
            """{ "mcpServers": { "old": 1, "new": {"url":"http://h/?a=1&b=2"}, }, }"""
        },
    };
}
