using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using RemoteMcp.Cli.Clients.Jsonc;
using Xunit;

namespace RemoteMcp.Tests.Clients;

/// <summary>Tests the editor with random documents, with white space, comments, and commas in all valid positions.</summary>
public sealed class JsoncEditorProperties
{
    private const int Iterations = 2_000;

    private static readonly string[] s_path = ["mcpServers", "new"];

    // Texts that cause errors in a scanner that confuses strings, comments, and structure.
    private static readonly Gen<string> s_text = Gen.OneOf(
        "", "a", "new", "mcpServers", "old", "é", "🦊", "//", "/*", "*/", "\"", "\\", "\\\"", "{", "}", ",", ":", "\n",
        "__proto__", "\u2028");

    private static readonly Gen<string> s_gap = Gen.OneOf(
        "", "", " ", "\n", "\r\n", "\t", "\n    ", "/**/", "/* \" { } , \n * / */", "// \" } \u2028\n", "//\r\n", " /*é*/ ", "\r");

    private static readonly Gen<string> s_scalar = Gen.OneOf(
        Gen.OneOf("null", "true", "false", "0", "-1.50e+2", "\"\\u00e9\\/\""), s_text.Select(Quote));

    private static readonly Gen<string> s_value = Gen.Recursive<string>((depth, value) => depth > 3
        ? s_scalar
        : Gen.Frequency((3, s_scalar), (1, Object(s_text, value)), (1, Array(value))));

    private static readonly Gen<string> s_name = s_text.Where(name => name is not ("mcpServers" or "new"));

    [Fact]
    public void Adding_inserts_the_entry_and_keeps_every_other_byte() =>
        Gen.Select(s_gap, Object(s_name, s_value, "mcpServers", Object(s_name, s_value)), s_gap)
            .Select((before, root, after) => before + root + after)
            .Sample(text =>
            {
                var (edited, change) = Jsonc.Set(text, s_path, new JsonArray(1, 2));

                Assert.Equal(JsoncChange.Added, change);
                AssertAddedTo(text, edited);
                Assert.Equal((edited, JsoncChange.None), Jsonc.Set(edited, s_path, new JsonArray(1, 2)));
            }, iter: Iterations);

    [Fact]
    public void Adding_creates_a_missing_section() =>
        Gen.Select(s_gap, Object(s_name, s_value), s_gap)
            .Select((before, root, after) => before + root + after)
            .Sample(text => AssertAddedTo(text, Jsonc.Set(text, s_path, new JsonArray(1, 2)).Text), iter: Iterations);

    [Fact]
    public void Replacing_changes_only_the_old_value() =>
        Gen.Select(s_gap, s_value, Object(s_name, s_value, "mcpServers", Object(s_name, s_value, "new", Gen.Const("@@@"))), s_gap)
            .Sample((before, old, root, after) =>
            {
                var (head, tail) = (before + root + after).Split("@@@") is [var h, var t] ? (h, t) : throw new InvalidOperationException();

                var (edited, change) = Jsonc.Set(head + old + tail, s_path, new JsonArray("x", "y"));

                Assert.Equal(JsoncChange.Replaced, change);
                Assert.StartsWith(head, edited, StringComparison.Ordinal);
                Assert.EndsWith(tail, edited, StringComparison.Ordinal);
                Assert.True(JsonNode.DeepEquals(new JsonArray("x", "y"), JsonNode.Parse(edited[head.Length..^tail.Length])));
            }, iter: Iterations);

    [Fact]
    public void Any_text_is_edited_or_refused() =>
        Gen.OneOf(s_gap, s_text, Gen.OneOf("{", "}", "[", "]", ":", ",", "\"", "\\", "1", "null", "\"mcpServers\"", "\0", "\uFEFF", "/"))
            .Array[0, 12].Select(string.Concat)
            .Sample(text =>
            {
                try
                {
                    var (edited, _) = Jsonc.Set(text, s_path, new JsonArray());
                    Assert.Empty(Jsonc.Parse(edited)["mcpServers"]!["new"]!.AsArray());
                }
                catch (JsoncException exception)
                {
                    Assert.True(exception.Line >= 1 && exception.Column >= 1);
                }
            }, iter: Iterations);

    private static void AssertAddedTo(string before, string after)
    {
        Assert.True(IsWithOneInsertion(before, after) || IsWithOneInsertion(before, WithoutFirstNewComma(before, after)));

        var expected = Jsonc.Parse(before).AsObject();
        if (!expected.ContainsKey("mcpServers"))
        {
            expected["mcpServers"] = new JsonObject();
        }

        expected["mcpServers"]!["new"] = new JsonArray(1, 2);
        Assert.True(JsonNode.DeepEquals(expected, Jsonc.Parse(after)));
    }

    private static bool IsWithOneInsertion(string before, string after) =>
        before.AsSpan().CommonPrefixLength(after) is var start && after.EndsWith(before[start..], StringComparison.Ordinal);

    private static string WithoutFirstNewComma(string before, string after)
    {
        var start = before.AsSpan().CommonPrefixLength(after);
        Assert.Equal(',', after[start]);
        return after.Remove(start, 1);
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private static Gen<string> Array(Gen<string> value) =>
        Gen.Select(s_gap, Gen.Select(s_gap, value, s_gap, (a, v, b) => a + v + b).Array[0, 3], Gen.Bool, s_gap,
            (gap, items, comma, end) => $"[{gap}{string.Join(',', items)}{(comma && items.Length > 0 ? "," + end : "")}]");

    private static Gen<string> Object(Gen<string> name, Gen<string> value) =>
        Members(name, value).SelectMany(members => Braces(members));

    // Inserts one special member between the other members, which have other names.
    private static Gen<string> Object(Gen<string> name, Gen<string> value, string special, Gen<string> specialValue) =>
        Gen.Select(Members(name, value), Member(Gen.Const(special), specialValue), Gen.Int[0, 3])
            .SelectMany((members, member, at) => Braces([.. members.Take(at), member, .. members.Skip(at)]));

    private static Gen<string[]> Members(Gen<string> name, Gen<string> value) =>
        // The names are distinct, because JsonObject, which checks the result, does not support duplicate names.
        Gen.Select(name.HashSet[0, 3], value.Array[3], s_gap.Array[12]).Select((names, values, gaps) =>
            names.Select((n, i) => $"{gaps[4 * i]}{Quote(n)}{gaps[4 * i + 1]}:{gaps[4 * i + 2]}{values[i]}{gaps[4 * i + 3]}").ToArray());

    private static Gen<string> Member(Gen<string> name, Gen<string> value) =>
        Gen.Select(name, value, s_gap.Array[4], (n, v, gaps) => $"{gaps[0]}{Quote(n)}{gaps[1]}:{gaps[2]}{v}{gaps[3]}");

    private static Gen<string> Braces(string[] members) =>
        Gen.Select(s_gap, Gen.Bool, s_gap, (gap, comma, end) =>
            $"{{{gap}{string.Join(',', members)}{(comma && members.Length > 0 ? "," + end : "")}}}");
}
