using RemoteMcp.Cli.Clients.Jsonc;
using Xunit;

namespace RemoteMcp.Tests.Clients;

/// <content>Tests the position of an added entry in typical files.</content>
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
            "a byte order mark", "\uFEFF{\n  \"mcpServers\": {}\n}",
            "\uFEFF{\n  \"mcpServers\": {\n    \"new\": {\n      \"url\": \"http://h/?a=1&b=2\"\n    }\n  }\n}"
        },
        {
            "only a byte order mark", "\uFEFF",
            "\uFEFF{\n  \"mcpServers\": {\n    \"new\": {\n      \"url\": \"http://h/?a=1&b=2\"\n    }\n  }\n}\n"
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
    [MemberData(nameof(AdditionsAmongComments))]
    [MemberData(nameof(AdditionsInLayouts))]
    public void An_entry_is_added_and_nothing_else_changes(string what, string before, string after)
    {
        Assert.NotEmpty(what);

        var (text, change) = Jsonc.Set(before, s_path, Value);

        Assert.Equal(after, text);
        Assert.Equal(JsoncChange.Added, change);
        Assert.Equal("http://h/?a=1&b=2", (string?)Jsonc.Parse(text)["mcpServers"]!["new"]!["url"]);
        Assert.Equal((text, JsoncChange.None), Jsonc.Set(text, s_path, Value));
    }
}
