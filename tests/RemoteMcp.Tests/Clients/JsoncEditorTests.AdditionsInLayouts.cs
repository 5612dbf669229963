using Xunit;

namespace RemoteMcp.Tests.Clients;

/// <content>Tests the layout of an added entry in files with other styles.</content>
public sealed partial class JsoncEditorTests
{
    public static TheoryData<string, string, string> AdditionsInLayouts => new()
    {
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
            "a missing section, indented by four spaces",
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
            "Windows line ends", "{\r\n  \"mcpServers\": {\r\n    \"old\": {}\r\n  }\r\n}\r\n",
            "{\r\n  \"mcpServers\": {\r\n    \"old\": {},\r\n"
                + "    \"new\": {\r\n      \"url\": \"http://h/?a=1&b=2\"\r\n    }\r\n  }\r\n}\r\n"
        },
        {
            "only carriage returns", "{\r \"mcpServers\": {}\r}",
            "{\r \"mcpServers\": {\r  \"new\": {\r   \"url\": \"http://h/?a=1&b=2\"\r  }\r }\r}"
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
            "braces on separate lines",
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
    };
}
