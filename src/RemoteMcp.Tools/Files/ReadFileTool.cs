using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Text;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Files;

/// <summary>The structured result of the <c>read_file</c> tool.</summary>
internal sealed record ReadFileResult(
    [property: Description("The file, relative to the shared folder.")] string Path,
    [property: Description("The lines, exactly as they are, line breaks included.")] string Content,
    [property: Description("Whether the file has more lines, or more of a line, than this result: text that did not fit, or lines "
        + "that follow.")] bool Truncated,
    [property: Description("The encoding of the file.")] string Encoding,
    [property: Description("The size of the whole file in bytes.")] long Size)
{
    /// <summary>Gets the number of the first line.</summary>
    [Description("The number of the first line, starting at 1. Absent if only the end of a large file was read, or if there are no lines.")]
    public long? StartLine { get; init; }

    /// <summary>Gets the number of the last line.</summary>
    [Description("The number of the last line.")]
    public long? EndLine { get; init; }

    /// <summary>Gets the number of lines of the file.</summary>
    [Description("The number of lines in the file. Absent if the end was not reached.")]
    public long? TotalLines { get; init; }

    /// <summary>Gets the offset of the next call.</summary>
    [Description("The offset for the next call.")]
    public long? NextOffset { get; init; }

    /// <summary>Gets the time of the last write.</summary>
    [Description("When the file was last written.")]
    public DateTimeOffset? Modified { get; init; }

    /// <summary>Gets the ETag of the file.</summary>
    [Description("Changes when the file's content changes. Two results with the same etag are of the same version.")]
    public string? Etag { get; init; }
}

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
    [Description("Reads lines of a text file (UTF-8, or UTF-16 or UTF-32 with a byte order mark) of any size in the shared folder. Binary "
        + "files are refused. Attach them as the resource file:///{path} instead.")]
    public async Task<CallToolResult> ReadAsync(
        [Description("The file, relative to the shared folder, with '/' between names.")] string path,
        IProgress<ProgressNotificationValue> progress,
        [Description("The number of the first line to read, starting at 1. A negative number reads that many lines from the end (-20: the "
            + "last 20 lines)."), Range(-MaxLimit, int.MaxValue)] int offset = 1,
        [Description("The maximum number of lines to read. A result that becomes too long ends at an earlier "
            + "line."), Range(1, MaxLimit)] int limit = DefaultLimit,
        [Description("The etag of an earlier result, to continue in the same version. If the file has changed, the "
            + "call is refused."), MaxLength(MaxEtagLength)] string? etag = null,
        CancellationToken cancellationToken = default)
    {
        var file = PathArgument.Parse(path);
        if (offset == 0)
        {
            throw new McpException("offset: must not be 0. The first line is 1; -1 is the last one.");
        }

        using var deadline = new CancellationTokenSource(options.Value.TimeLimit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        await using var heartbeat = ProgressHeartbeat.Start(progress, time, $"Reading {file}");
        try
        {
            return await ReadAsync(file, offset, limit, etag, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            throw new McpException($"offset: line {offset} was not reached within the time limit of one call. Use a smaller offset, or a "
                + "negative one to read from the end.");
        }
    }

    private async Task<CallToolResult> ReadAsync(FilePath path, int offset, int limit, string? etag, CancellationToken cancellationToken)
    {
        var maxLength = options.Value.MaxReadLength;
        await using var content = await store.OpenAsync(path, offset: 0, cancellationToken);
        CheckVersion(content.Entry, etag);
        using var reader = new LineReader(content.Stream);
        (var window, var file) = offset > 0
            ? (await LineWindow.ReadAsync(reader, offset, limit, maxLength, cancellationToken), content.Entry)
            : await ReadLastAsync(content.Entry, reader, Math.Min(-offset, limit), cancellationToken);
        CheckVersion(file, etag);
        if (reader.Encoding is not { } encoding)
        {
            throw new McpException(
                $"path: '{path}' is not a text file ({file.Length} bytes of {MimeTypes.Of(path) ?? "unknown type"}). "
                    + $"Attach it as the resource {FileUri.Of(path)} instead.");
        }

        if (window.TotalLines is { } total && offset > Math.Max(total, 1))
        {
            throw new McpException($"offset: {offset} is after the last line of '{path}', which is {total}.");
        }

        var result = new ReadFileResult(path.Value, window.Text, window.HasMore || window.IsCut, encoding.WebName, file.Length ?? 0)
        {
            StartLine = window.LineCount > 0 ? window.FirstLine : null,
            EndLine = window.LineCount > 0 ? window.FirstLine + window.LineCount - 1 : null,
            TotalLines = window.TotalLines,
            NextOffset = window.HasMore ? window.FirstLine + window.LineCount : null,
            Modified = file.LastModified,
            Etag = file.ETag,
        };
        return result.Truncated ? ToolResult.Of(result, result.Content, Note(result, window)) : ToolResult.Of(result, result.Content);
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
    private async Task<(LineWindow Window, FileEntry File)> ReadLastAsync(
        FileEntry file, LineReader head, int count, CancellationToken cancellationToken)
    {
        var maxLength = options.Value.MaxReadLength;
        var start = (file.Length ?? 0) - (long)maxLength * BytesPerCharacter;
        if (start <= 0)
        {
            return (await LineWindow.ReadLastAsync(head, fromStart: true, count, maxLength, cancellationToken), file);
        }

        await head.FillAsync(cancellationToken);
        if (head.Encoding is not { } encoding)
        {
            return (new LineWindow("", null, 0, null, HasMore: false, IsCut: false), file);
        }

        // UTF-16 and UTF-32 must be read from the start of a code unit.
        await using var tail = await store.OpenAsync(file.Path, start / 4 * 4, cancellationToken);
        if (tail.Entry.Length < file.Length)
        {
            throw new FileProblemException(FileProblem.ChangedWhileRead, file.Path);
        }

        using var reader = new LineReader(tail.Stream);
        reader.UseEncoding(encoding);
        return (await LineWindow.ReadLastAsync(reader, fromStart: false, count, maxLength, cancellationToken), tail.Entry);
    }

    private static string Note(ReadFileResult result, LineWindow window)
    {
        var note = new StringBuilder("[");
        note.Append(result.StartLine is { } start
            ? string.Create(CultureInfo.InvariantCulture, $"Lines {start} to {result.EndLine}")
            : string.Create(CultureInfo.InvariantCulture, $"The last {window.LineCount} lines"));
        note.Append(window.IsCut ? "; the rest did not fit" : "");
        note.Append(result.NextOffset is { } next ? string.Create(CultureInfo.InvariantCulture, $". Read on with offset {next}") : "");
        return note.Append(".]").ToString();
    }
}
