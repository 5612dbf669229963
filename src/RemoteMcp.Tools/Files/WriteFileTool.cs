using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Elicitation;
using RemoteMcp.Tools.Files.Changes;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Store.Local;

namespace RemoteMcp.Tools.Files;

/// <summary>The structured result of the <c>write_file</c> tool.</summary>
internal sealed record WriteFileResult(
    [property: Description("The file, relative to the shared folder.")] string Path,
    [property: Description("Whether the file was written. False if the user declined.")] bool Written)
{
    /// <summary>Gets the new size of the file.</summary>
    [Description("The size of the written file in bytes.")]
    public long? Size { get; init; }

    /// <summary>Gets the encoding of the file.</summary>
    [Description("The encoding of the written file. A file that was replaced kept its encoding.")]
    public string? Encoding { get; init; }

    /// <summary>Gets whether the file kept line breaks that differ from those of the content.</summary>
    [Description("True if the file kept its line breaks, which differ from those of content.")]
    public bool? KeptLineBreaks { get; init; }

    /// <summary>Gets the new ETag of the file.</summary>
    [Description("The version of the written file. Use it as etag to write the file again.")]
    public string? Etag { get; init; }
}

/// <summary>Specifies the line breaks of a file that is replaced.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LineBreakMode>))]
internal enum LineBreakMode
{
    /// <summary>The file keeps its line breaks.</summary>
    [JsonStringEnumMemberName("keep")]
    Keep,

    /// <summary>The file gets the line breaks of the content.</summary>
    [JsonStringEnumMemberName("exact")]
    Exact,
}

/// <summary>Provides the <c>write_file</c> tool, which writes a text file of the shared folder after a prompt to the user.</summary>
[McpServerToolType]
[RequiresScope("Files.Write", AppRole = "Files.Write.All")]
internal sealed class WriteFileTool(LocalFileChanges changes, IOptions<FilesOptions> options)
{
    /// <summary>Writes a text file.</summary>
    [McpServerTool(Name = "write_file", Title = "Write file", ReadOnly = false, Idempotent = true, Destructive = true, OpenWorld = false,
        UseStructuredContent = true, OutputSchemaType = typeof(WriteFileResult))]
    [Description("Creates a text file (UTF-8) in the shared folder, or replaces the whole text of a file, which keeps its encoding and its "
        + "line breaks. Creates missing folders. Refuses names that start with a dot. Shows the user the changes and asks first.")]
    public async Task<CallToolResult> WriteAsync(
        [Description("The file, relative to the shared folder, with '/' between names.")] string path,
        [Description("The whole new content.")] string content,
        UserPrompts prompts,
        [Description("The etag of this file from read_file or write_file. If the file has changed since then, nothing is written. Omit it "
            + "for a new file.")] string? etag = null,
        [Description("keep: a file that is replaced keeps its line breaks (LF, CR LF, or both) and whether its last line ends with one. "
            + "exact: the line breaks of content are written.")] LineBreakMode line_breaks = LineBreakMode.Keep,
        [Description("Whether escapes such as \\u202E in content stand for the invisible characters that read_file shows in this form. "
            + "true: the characters are written. false: the escapes are written as text. Without it, a call that could confuse both is "
            + "refused.")] bool? escapes = null,
        CancellationToken cancellationToken = default)
    {
        var file = PathArgument.Parse(path);
        RequireSize(content);
        var found = changes.Find(file);
        LocalFileChanges.RequireWritable(file, found);
        RequireVersion(file, found, etag);
        var old = found is null ? null : await changes.ReadAsync(found, MaxReplacedBytes, cancellationToken);
        var draft = FileDraft.Create(
            file, old, content, keepLineBreaks: line_breaks == LineBreakMode.Keep, escapes, options.Value.MaxWriteBytes);

        if (!await prompts.ConfirmAsync(Question(file, draft, found), cancellationToken))
        {
            return ToolResult.Of(new WriteFileResult(file.Value, Written: false), "Nothing was written: the user did not agree to "
                + $"write '{file}'.");
        }

        await prompts.ConsumeAnswersAsync(cancellationToken);
        var written = await changes.WriteAsync(file, draft.Bytes, found, cancellationToken);
        return ToolResult.Of(
            new WriteFileResult(file.Value, Written: true)
            {
                Size = written.Length,
                Encoding = draft.Encoding.Name,
                KeptLineBreaks = draft.KeepsLineBreaks ? true : null,
                Etag = written.ETag,
            },
            $"{(found is null ? "Created" : "Replaced")} '{file}' ({draft.Bytes.Length} bytes, {draft.Encoding.Name})."
                + (draft.KeepsLineBreaks ? " The file kept its line breaks, which differ from those of content." : ""));
    }

    // A UTF-32 file has four bytes for each character that content can have.
    private long MaxReplacedBytes => 4L * options.Value.MaxWriteBytes;

    private void RequireSize(string content)
    {
        var maxBytes = options.Value.MaxWriteBytes;
        if (content.Length > maxBytes)
        {
            throw new McpException($"content: has {Encoding.UTF8.GetByteCount(content)} bytes in UTF-8; at most {maxBytes} can be written. "
                + "Write less text.");
        }
    }

    private static void RequireVersion(FilePath file, FileEntry? found, string? etag)
    {
        if (etag is not null && found is null)
        {
            throw new McpException($"etag: '{file}' does not exist. Omit etag to create it.");
        }

        if (etag is not null && etag != found!.ETag)
        {
            throw new McpException($"etag: '{file}' has changed since this etag. Read it again, and use its new etag.");
        }
    }

    // The prompt describes the file that is replaced, so that the user's consent is valid only for this version of it.
    private static string Question(FilePath file, FileDraft draft, FileEntry? found)
    {
        var question = found is null
            ? string.Create(CultureInfo.InvariantCulture, $"Create the file '{file}' with {draft.Bytes.Length:N0} bytes?")
            : string.Create(CultureInfo.InvariantCulture,
                $"Replace '{file}' ({found.Length:N0} bytes, last written {found.LastModified:yyyy-MM-dd HH:mm:ss.fff} UTC) with "
                    + $"{draft.Bytes.Length:N0} bytes of new content?");
        return $"{question}\n\n{ChangePreview.Of(draft)}";
    }
}
