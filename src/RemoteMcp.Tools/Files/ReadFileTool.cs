using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Text;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Files;

/// <summary>Provides the <c>read_file</c> tool, which reads a text file of the shared folder.</summary>
[McpServerToolType]
internal sealed class ReadFileTool(IFileStore store, IOptions<FilesOptions> options, TimeProvider time)
{
    private const int DefaultLimit = 2000;
    private const int MaxLimit = 10_000;
    private const int MaxEtagLength = 256;

    // To read the last lines, the tool reads this many bytes from the end for each character that an answer can have.
    private const int BytesPerCharacter = 4;

    /// <summary>Reads lines of a text file.</summary>
    [McpServerTool(Name = "read_file", Title = "Read file", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false,
        UseStructuredContent = true, OutputSchemaType = typeof(ReadFileResult))]
    [Description("Reads lines of a text file (UTF-8, Latin-1, or UTF-16 or UTF-32 with a byte order mark) of any size in the shared "
        + "folder. Invisible characters are shown as escapes such as \\u202E; escapes in the result counts them. Binary files are refused. "
        + "Attach them as the resource file:///{+path} instead.")]
    public async Task<CallToolResult> ReadAsync(
        [Description("The file, relative to the shared folder, with '/' between names.")] string path,
        IProgress<ProgressNotificationValue> progress,
        [Description("The number of the first line to read, starting at 1. A negative number reads that many lines from the end (-20: the "
            + "last 20 lines)."), Range(-MaxLimit, int.MaxValue)] int offset = 1,
        [Description("The maximum number of lines to read. A result that becomes too long ends at an earlier "
            + "line."), Range(1, MaxLimit)] int limit = DefaultLimit,
        [Description("The etag of an earlier result, to continue in the same version. If the file has changed, the "
            + "call is refused."), MaxLength(MaxEtagLength)] string? etag = null,
        [Description("The position in the first line where the text starts, in UTF-16 characters, starting at 1. Use next_column of the "
            + "previous result to read the rest of a long line, or column of a match of search_files. Only with a positive "
            + "offset."), Range(1, int.MaxValue)] int column = 1,
        CancellationToken cancellationToken = default)
    {
        var file = PathArgument.Parse(path);
        if (offset == 0)
        {
            throw new McpException("offset: must not be 0. The first line is 1; -1 is the last one.");
        }

        if (offset < 0 && column != 1)
        {
            throw new McpException("column: cannot be combined with a negative offset. Specify the number of the line as offset.");
        }

        using var deadline = new CancellationTokenSource(options.Value.TimeLimit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        await using var heartbeat = ProgressHeartbeat.Start(progress, time, $"Reading {file}");
        try
        {
            return await ReadAsync(file, offset, column, limit, etag, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            throw new McpException($"offset: line {offset}, column {column} was not reached within the time limit of one call. Use a "
                + "smaller offset or column, or a negative offset to read from the end.");
        }
    }

    private async Task<CallToolResult> ReadAsync(
        FilePath path, int offset, int column, int limit, string? etag, CancellationToken cancellationToken)
    {
        var maxLength = options.Value.MaxReadLength;
        await using var content = await store.OpenAsync(path, offset: 0, cancellationToken);
        CheckVersion(content.Entry, etag);
        using var reader = new LineReader(content.Stream);
        var (window, encoding, file) = offset > 0
            ? (await LineWindow.ReadAsync(reader, new LinePosition(offset, column), limit, maxLength, cancellationToken),
                reader.Encoding, content.Entry)
            : await ReadLastAsync(content.Entry, reader, Math.Min(-offset, limit), cancellationToken);
        CheckVersion(file, etag);
        if (encoding is null)
        {
            throw new McpException(DescribeBinary(file));
        }

        if (window.TotalLines is { } total && offset > Math.Max(total, 1))
        {
            throw new McpException($"offset: {offset} is after the last line of '{path}', which is {total}.");
        }

        var shown = VisibleText.Of(window.Text, out var escapes);
        var name = encoding == TextEncoding.Ascii && window.TotalLines is null ? TextEncoding.AsciiName : encoding.Name;
        var result = new ReadFileResult(path.Value, shown, window.Next is not null || window.IsCut, name, file.Length ?? 0)
        {
            ByteOrderMark = encoding.Mark.IsEmpty ? null : true,
            Escapes = escapes > 0 ? escapes : null,
            StartLine = window.LineCount > 0 ? window.FirstLine : null,
            EndLine = window.LineCount > 0 ? window.FirstLine + window.LineCount - 1 : null,
            TotalLines = window.TotalLines,
            NextOffset = window.Next?.Line,
            NextColumn = window.Next is { Column: > 1 and var next } ? next : null,
            Modified = file.LastModified,
            Etag = file.ETag,
        };
        return Note(result, window, Math.Min(-offset, limit)) is { } note
            ? ToolResult.Of(result, result.Content, note)
            : ToolResult.Of(result, result.Content);
    }

    // A file that is too large to attach must not be offered as a resource, because the resource cannot return it either.
    private string DescribeBinary(FileEntry file)
    {
        var problem = $"path: '{file.Path}' is not a text file ({file.Length} bytes of {MimeTypes.Of(file.Path) ?? "unknown type"}). ";
        var maxBytes = options.Value.MaxResourceBytes;
        return problem + (file.Length <= maxBytes
            ? $"Attach it as the resource {FileUri.Of(file.Path)} instead."
            : $"It is also too large to attach as a resource (at most {maxBytes} bytes), so this server cannot return it. Ask the user to "
                + "open it without this server, or to provide a smaller or a text version of it.");
    }

    private static void CheckVersion(FileEntry file, string? etag)
    {
        if (!string.IsNullOrEmpty(etag) && etag != file.ETag)
        {
            throw new McpException($"etag: '{file.Path}' was changed since the result with this etag. Read it again from the start, "
                + "without etag.");
        }
    }

    // A log can grow while it is read. The metadata in the result is of the version whose end was read.
    private async Task<(LineWindow Window, TextEncoding? Encoding, FileEntry File)> ReadLastAsync(
        FileEntry file, LineReader head, int count, CancellationToken cancellationToken)
    {
        var maxLength = options.Value.MaxReadLength;
        var start = (file.Length ?? 0) - (long)maxLength * BytesPerCharacter;
        if (start <= 0)
        {
            var whole = await LineWindow.ReadLastAsync(head, fromStart: true, count, maxLength, cancellationToken);
            return (whole, head.Encoding, file);
        }

        await head.FillAsync(cancellationToken);
        if (head.Encoding is not { } encoding)
        {
            return (new LineWindow("", null, 0, null, Next: null, IsCut: false), null, file);
        }

        // UTF-16 and UTF-32 must be read from the start of a code unit.
        await using var tail = await store.OpenAsync(file.Path, start / 4 * 4, cancellationToken);
        if (tail.Entry.Length < file.Length)
        {
            throw new FileProblemException(FileProblem.ChangedWhileRead, file.Path);
        }

        using var reader = new LineReader(tail.Stream);
        reader.UseEncoding(encoding);
        var window = await LineWindow.ReadLastAsync(reader, fromStart: false, count, maxLength, cancellationToken);
        return (window, reader.Encoding, tail.Entry);
    }

    /// <param name="result">The result.</param>
    /// <param name="window">The lines that were read.</param>
    /// <param name="lastLines">The number of lines that the caller requested from the end of the file.</param>
    private static string? Note(ReadFileResult result, LineWindow window, int lastLines)
    {
        var notes = new List<string>();
        if (result.Truncated)
        {
            var lines = result.StartLine is { } start
                ? string.Create(CultureInfo.InvariantCulture, $"Lines {start} to {result.EndLine}")
                : window.LineCount == 1 ? "The last line"
                : string.Create(CultureInfo.InvariantCulture, $"The last {window.LineCount} lines");
            notes.Add(lines + (window.IsCut || result.NextColumn is not null ? "; the rest did not fit." : "."));
        }

        if (window.IsCut)
        {
            notes.Add(result.TotalLines is { } total
                ? string.Create(CultureInfo.InvariantCulture, $"To read the rest, use offset {Math.Max(total - lastLines + 1, 1)}.")
                : "To read the rest, use a positive offset. search_files finds the numbers of lines.");
        }

        if (result.NextOffset is { } offset)
        {
            var column = result.NextColumn is { } next ? string.Create(CultureInfo.InvariantCulture, $" and column {next}") : "";
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"Read on with offset {offset}{column}."));
        }

        if (result.Escapes is { } escapes)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Invisible characters shown as escapes: {escapes}. The file contains the characters, not the escapes."));
        }

        if (result.Encoding == TextEncoding.Unknown.Name)
        {
            notes.Add("The encoding cannot be determined. write_file refuses this file, because it could not keep all bytes.");
        }

        return notes.Count > 0 ? $"[{string.Join(' ', notes)}]" : null;
    }
}
