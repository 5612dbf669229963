using System.Text;
using RemoteMcp.Tools.Files.Text;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests how bytes are split into lines, with various encodings, line breaks, and lengths.</summary>
public sealed class TextTests
{
    public static TheoryData<string, byte[], string?> Samples => new()
    {
        { "empty", [], "utf-8" },
        { "ascii", "abc"u8.ToArray(), "utf-8" },
        { "utf-8", "grün 👩‍💻"u8.ToArray(), "utf-8" },
        { "utf-8 with mark", [0xEF, 0xBB, 0xBF, .. "a"u8], "utf-8" },
        { "utf-16le with mark", [0xFF, 0xFE, (byte)'a', 0], "utf-16" },
        { "utf-16be with mark", [0xFE, 0xFF, 0, (byte)'a'], "utf-16BE" },
        { "utf-32le with mark", [0xFF, 0xFE, 0, 0, (byte)'a', 0, 0, 0], "utf-32" },
        { "utf-32be with mark", [0, 0, 0xFE, 0xFF, 0, 0, 0, (byte)'a'], "utf-32BE" },
        { "utf-16 without mark", [(byte)'a', 0, (byte)'b', 0], null },
        { "a NUL", [.. "text"u8, 0, .. "text"u8], null },
        { "a NUL behind the sample", [.. Encoding.ASCII.GetBytes(new string('a', 9000)), 0], "utf-8" },
        { "latin-1 source", Encoding.Latin1.GetBytes("// Grüße aus Köln, wo man gern programmiert\nint x = 1;\n"), "iso-8859-1" },
        { "windows-1252 quotes", [.. "he said "u8, 0x93, .. "hello, dear readers"u8, 0x94, .. ", and left"u8], "windows-1252" },
        { "a byte that windows-1252 does not define", [.. "some readable text"u8, 0x81, .. "and more of it"u8], "unknown-8bit" },
        { "cyrillic in a comment", [.. new byte[200].Select(_ => (byte)'x'), 0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2], "unknown-8bit" },
        { "utf-8 with one wrong byte", [.. "grün, und sonst auch noch lesbar"u8, 0xFC, .. "!"u8], "unknown-8bit" },
        { "png without NUL", [0x89, .. "PNG"u8, 0xA0, 0xB1, 0xC2, 0xFF, 0xFE, 0x81], null },
        { "cyrillic in one byte each", Enumerable.Range(0xC0, 60).Select(b => (byte)b).ToArray(), null },
        { "only a mark", [0xEF, 0xBB, 0xBF], "utf-8" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void Text_is_distinguished_from_binary(string name, byte[] sample, string? expected) =>
        Assert.True(TextEncoding.Detect(sample, isWhole: true)?.Name == expected, name);

    [Fact]
    public void Character_cut_at_the_end_of_the_sample_does_not_make_text_binary()
    {
        var text = Encoding.UTF8.GetBytes(new string('ü', TextEncoding.SampleSize));

        Assert.Equal(TextEncoding.Utf8, TextEncoding.Detect(text.AsSpan(0, TextEncoding.SampleSize - 1), isWhole: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("one\n")]
    [InlineData("one\ntwo")]
    [InlineData("\n\n\n")]
    [InlineData("windows\r\nlines\r\n")]
    [InlineData("mixed\nlines\r\nand\rnone")]
    public async Task Joined_lines_are_the_original_text(string text)
    {
        Encoding[] encodings = [new UTF8Encoding(false), Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32];
        foreach (var encoding in encodings)
        {
            foreach (var chunk in (int[])[1, 3, 1000])
            {
                var lines = await ReadAsync([.. encoding.GetPreamble(), .. encoding.GetBytes(text)], chunk);

                Assert.Equal(text, string.Concat(lines.Select(line => line.Text)));
                Assert.Equal(Enumerable.Range(1, lines.Count).Select(n => (long)n), lines.Select(line => line.Line));
                Assert.All(lines.SkipLast(1), line => Assert.EndsWith("\n", line.Text));
            }
        }
    }

    [Theory]
    [InlineData(LineReader.MaxPiece - 1)]
    [InlineData(LineReader.MaxPiece)]
    [InlineData(LineReader.MaxPiece + 1)]
    [InlineData(10 * LineReader.MaxPiece)]
    public async Task Pieces_of_a_long_line_have_the_same_line_number(int length)
    {
        var text = "first\n" + new string('x', length - 1) + "y\nlast";

        var pieces = await ReadAsync(Encoding.UTF8.GetBytes(text), chunk: 50_000);

        Assert.Equal(text, string.Concat(pieces.Select(piece => piece.Text)));
        Assert.Equal([1L, 2L, 3L], pieces.Select(piece => piece.Line).Distinct());
        Assert.All(pieces, piece => Assert.InRange(piece.Text.Length, 1, LineReader.MaxPiece));
    }

    [Fact]
    public async Task Pieces_overlap_so_that_a_search_finds_text_across_them()
    {
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(n => $"{n:D5} "));
        using var reader = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), overlap: 10);
        var seen = new HashSet<string>();
        while (await reader.FillAsync(TestContext.Current.CancellationToken))
        {
            while (reader.TryRead(out var piece))
            {
                Assert.Equal(text.Substring((int)reader.PieceOffset, piece.Length), piece.ToString());
                seen.UnionWith(piece.ToString().Split(' ').Where(word => word.Length == 5));
            }
        }

        Assert.Equal(40_000, seen.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    [InlineData((64 * 1024) - 1)]
    public async Task Encoding_is_found_at_the_first_character_that_is_not_ascii(int before)
    {
        var text = new string('a', before) + "ö ist ein Buchstabe, der in Köln und anderswo oft vorkommt\n";

        foreach (var (encoding, name) in ((Encoding, string)[])[(Encoding.UTF8, "utf-8"), (Encoding.Latin1, "iso-8859-1")])
        {
            using var reader = new LineReader(new ChunkedStream(encoding.GetBytes(text), 1000));
            var read = new StringBuilder();
            while (await reader.FillAsync(TestContext.Current.CancellationToken))
            {
                while (reader.TryRead(out var piece))
                {
                    read.Append(piece);
                }
            }

            Assert.Equal((text, name), (read.ToString(), reader.Encoding!.Name));
        }
    }

    [Theory]
    [InlineData(0, "", "…")]
    [InlineData(500, "…", "…")]
    [InlineData(995, "…", "")]
    public void A_long_line_is_cut_around_the_match(int index, string before, string after)
    {
        var line = string.Concat(Enumerable.Range(0, 250).Select(n => $"{n:D3} "));

        var excerpt = Excerpt.Around(line, index);

        Assert.StartsWith(before, excerpt);
        Assert.EndsWith(after, excerpt);
        Assert.Contains(line.Substring(index, 4), excerpt);
        Assert.InRange(excerpt.Length, Excerpt.MaxLength, Excerpt.MaxLength + 2);
    }

    [Fact]
    public void Excerpt_does_not_split_characters()
    {
        var line = string.Concat(Enumerable.Repeat("👍", 500));
        foreach (var index in Enumerable.Range(0, 900))
        {
            Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Excerpt.Around(line, index))));
        }
    }

    private static async Task<List<(long Line, string Text)>> ReadAsync(byte[] bytes, int chunk)
    {
        using var reader = new LineReader(new ChunkedStream(bytes, chunk));
        var lines = new List<(long Line, string Text)>();
        while (await reader.FillAsync(TestContext.Current.CancellationToken))
        {
            while (reader.TryRead(out var piece))
            {
                lines.Add((reader.LineNumber, piece.ToString()));
            }
        }

        return lines;
    }

    /// <summary>Returns only a few bytes per read, like a network stream.</summary>
    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
