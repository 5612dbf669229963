using System.Text;
using System.Text.Json.Nodes;
using RemoteMcp.Cli.Clients.Jsonc;
using Xunit;

namespace RemoteMcp.Tests.Clients;

public sealed partial class JsoncEditorTests
{
    private static readonly string[] s_path = ["mcpServers", "new"];

    private static JsonObject Value => new() { ["url"] = "http://h/?a=1&b=2" };

    public static TheoryData<string, string, string> Replacements => new()
    {
        {
            "over several lines",
            """
            {
              "mcpServers": {
                // the old one
                "new": { "command": "npx" }, // was local
                "other": {}
              }
            }
            """,
            """
            {
              "mcpServers": {
                // the old one
                "new": {
                  "url": "http://h/?a=1&b=2"
                }, // was local
                "other": {}
              }
            }
            """
        },
        {
            "on one line", """{ "mcpServers" : { "new" : /*c*/ [ 1, ] /*d*/ , "other":{} } }""",
            """{ "mcpServers" : { "new" : /*c*/ {"url":"http://h/?a=1&b=2"} /*d*/ , "other":{} } }"""
        },
        { "null", """{"mcpServers":{"new":null}}""", """{"mcpServers":{"new":{"url":"http://h/?a=1&b=2"}}}""" },
        { "a number at the end", """{"mcpServers":{"new":-1.5e3}}""", """{"mcpServers":{"new":{"url":"http://h/?a=1&b=2"}}}""" },
        {
            "a duplicate name, of which parsers keep the last", """{"mcpServers":{"new":1,"new":2}}""",
            """{"mcpServers":{"new":1,"new":{"url":"http://h/?a=1&b=2"}}}"""
        },
        {
            "with an escaped name", """{"mcpServers":{"n\u0065w":1}}""", """{"mcpServers":{"n\u0065w":{"url":"http://h/?a=1&b=2"}}}"""
        },
        {
            "Windows line ends and tabs", "{\r\n\t\"mcpServers\": {\r\n\t\t\"new\": {\r\n\t\t}\r\n\t}\r\n}",
            "{\r\n\t\"mcpServers\": {\r\n\t\t\"new\": {\r\n\t\t\t\"url\": \"http://h/?a=1&b=2\"\r\n\t\t}\r\n\t}\r\n}"
        },
    };

    [Theory]
    [MemberData(nameof(Replacements))]
    public void An_existing_entry_is_replaced_and_nothing_else_changes(string what, string before, string after)
    {
        Assert.NotEmpty(what);

        var (text, change) = Jsonc.Set(before, s_path, Value);

        Assert.Equal(after, text);
        Assert.Equal(JsoncChange.Replaced, change);
        Assert.Equal((text, JsoncChange.None), Jsonc.Set(text, s_path, Value));
    }

    [Fact]
    public void The_last_of_two_sections_with_the_same_name_is_edited()
    {
        var (text, _) = Jsonc.Set("""{"mcpServers": {"new": 1}, "mcpServers": {"b": 2}}""", s_path, Value);

        Assert.Equal("""{"mcpServers": {"new": 1}, "mcpServers": {"b": 2, "new": {"url":"http://h/?a=1&b=2"}}}""", text);
    }

    [Fact]
    public void An_equivalent_entry_is_not_changed()
    {
        const string Text = """{"mcpServers": {"new": { /* mine */ "url" : "http:\/\/h/?a=1\u0026b=2", }}}""";

        Assert.Equal((Text, JsoncChange.None), Jsonc.Set(Text, s_path, Value));
    }

    [Theory]
    [InlineData("{\n  \"mcpServers\": null\n}", 2, 17, "\"mcpServers\" is null")]
    [InlineData("{\n  \"mcpServers\": []\n}", 2, 17, "\"mcpServers\" is an array")]
    [InlineData("{\n  \"mcpServers\": \"x\"\n}", 2, 17, "\"mcpServers\" is a string")]
    [InlineData("{\"mcpServers\": 7}", 1, 16, "\"mcpServers\" is a number")]
    [InlineData("{\"mcpServers\": false}", 1, 16, "\"mcpServers\" is a boolean")]
    [InlineData("[]", 1, 1, "The top level is an array")]
    [InlineData("\uFEFF \"x\"", 1, 2, "The top level is a string")]
    [InlineData("{\n  \"a\": 1\n  \"b\": 2\n}", 3, 3, "'\"' is invalid after a value")]
    [InlineData("{ // é\n  \"é\": é }", 2, 8, "is an invalid start of a value")]
    [InlineData("{\r\n  'a': 1\r\n}", 2, 3, "'''")]
    [InlineData("{\r  'a': 1\r}", 2, 3, "'''")]
    [InlineData("{\n \"a\": 1,,\n}", 2, 9, "','")]
    [InlineData("{\n  \"a\": 1", 2, 9, "Expected a delimiter")]
    [InlineData("{\n  \"a\": {", 2, 9, "should be closed")]
    [InlineData("{}\n{}", 2, 1, "after a single JSON value")]
    [InlineData("{\n  /* never closed\n}", 2, 3, "is not closed")]
    [InlineData("{ \"a\": \"no end\n}", 1, 15, "0x0A")]
    [InlineData("{ /* one\n\n three */ x }", 3, 11, "'x'")]
    [InlineData("{ # no\n}", 1, 3, "'#'")]
    [InlineData("{ / }", 1, 3, "'/'")]
    [InlineData("{\"a\":\0}", 1, 6, "0x00")]
    [InlineData("<html>", 1, 1, "'<'")]
    public void Invalid_document_is_refused_with_the_position(string text, int line, int column, string message)
    {
        var error = Assert.Throws<JsoncException>(() => Jsonc.Set(text, s_path, Value));

        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_UTF_16_is_refused()
    {
        var error = Assert.Throws<JsoncException>(() => JsoncEditor.Set(Encoding.Unicode.GetPreamble(), s_path, Value));

        Assert.Equal((1, 1), (error.Line, error.Column));
        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused_with_their_position()
    {
        byte[] latin1 = [.. "{\n  \"caf"u8, 0xE9, .. "\": 1\n}"u8];

        var error = Assert.Throws<JsoncException>(() => JsoncEditor.Set(latin1, s_path, Value));

        Assert.Equal((2, 7), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("with \"quotes\"")]
    [InlineData("with\nnewline and \t tab and \0 nul")]
    [InlineData("__proto__")]
    [InlineData("a/b\\c")]
    [InlineData("🦊 é \u2028 \u202E")]
    [InlineData("}, \"injected\": {")]
    [InlineData("/* comment */ // too")]
    [InlineData("")]
    public void A_hostile_name_is_encoded_and_found_again(string name)
    {
        string[] path = ["mcpServers", name];

        var (text, _) = Jsonc.Set("""{"mcpServers": {"old": 1}}""", path, Value);

        var servers = Jsonc.Parse(text)["mcpServers"]!.AsObject();
        Assert.Equal(["old", name], servers.Select(server => server.Key));
        Assert.Equal((text, JsoncChange.None), Jsonc.Set(text, path, Value));
    }

    [Fact]
    public void An_escaped_solidus_in_a_name_is_the_same_name()
    {
        var (text, change) = Jsonc.Set("""{"mcpServers": {"a\/b": 1}}""", ["mcpServers", "a/b"], Value);

        Assert.Equal("""{"mcpServers": {"a\/b": {"url":"http://h/?a=1&b=2"}}}""", text);
        Assert.Equal(JsoncChange.Replaced, change);
    }

    [Fact]
    public void Deep_nesting_is_accepted_and_extreme_nesting_is_refused()
    {
        static string Nested(int depth) => $"{{\"deep\": {new string('[', depth)}{new string(']', depth)}}}";

        Assert.Equal(JsoncChange.Added, Jsonc.Set(Nested(900), s_path, Value).Change);
        Assert.Contains(
            "depth", Assert.Throws<JsoncException>(() => Jsonc.Set(Nested(100_000), s_path, Value)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_a_megabyte_is_edited_in_place()
    {
        var text = new StringBuilder("{ // big\n  \"mcpServers\": {\n");
        for (var i = 0; text.Length < 1_000_000; i++)
        {
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture, $"    \"server{i}\": {{ \"url\": \"http://h/{i}\" /* {i} */ }},\n");
        }

        var head = text.ToString();
        var (result, _) = Jsonc.Set(head + "  },\n}\n", s_path, Value);

        Assert.StartsWith(head.TrimEnd(), result, StringComparison.Ordinal);
        Assert.EndsWith("\n    \"new\": {\n      \"url\": \"http://h/?a=1&b=2\"\n    },\n  },\n}\n", result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a": [1, {"b": null}]}""", true)]
    [InlineData("{\"a\": 1,}", false)]
    [InlineData("{} // no", false)]
    [InlineData("\uFEFF{}", false)]
    public void Strict_JSON_is_distinguished_from_JSON_with_comments(string text, bool strict) =>
        Assert.Equal(strict, JsoncText.IsStrict(Encoding.UTF8.GetBytes(text)));
}
