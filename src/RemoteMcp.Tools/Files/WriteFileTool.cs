using System.ComponentModel;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Elicitation;
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

    /// <summary>Gets the new ETag of the file.</summary>
    [Description("The version of the written file. Use it as etag to write the file again.")]
    public string? Etag { get; init; }
}

/// <summary>Provides the <c>write_file</c> tool, which writes a text file of the shared folder after a prompt to the user.</summary>
[McpServerToolType]
[RequiresScope("Files.Write", AppRole = "Files.Write.All")]
internal sealed class WriteFileTool(LocalFileChanges changes, IOptions<FilesOptions> options)
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a text file.</summary>
    [McpServerTool(Name = "write_file", Title = "Write file", ReadOnly = false, Idempotent = true, Destructive = true, OpenWorld = false,
        UseStructuredContent = true, OutputSchemaType = typeof(WriteFileResult))]
    [Description("Creates a text file (UTF-8) in the shared folder, or replaces the whole file. Creates missing folders. Asks "
        + "the user first.")]
    public async Task<CallToolResult> WriteAsync(
        [Description("The file, relative to the shared folder, with '/' between names.")] string path,
        [Description("The whole new content, exactly as it should be written.")] string content,
        UserPrompts prompts,
        [Description("The etag of this file from read_file or write_file. If the file has changed since then, nothing is written. Omit it "
            + "for a new file.")] string? etag = null,
        CancellationToken cancellationToken = default)
    {
        var file = PathArgument.Parse(path);
        var bytes = Encode(content);
        var found = changes.Find(file);
        LocalFileChanges.RequireWritable(file, found);
        RequireVersion(file, found, etag);

        if (!await prompts.ConfirmAsync(Question(file, bytes.Length, found), cancellationToken))
        {
            return ToolResult.Of(new WriteFileResult(file.Value, Written: false), "Nothing was written: the user did not agree to "
                + $"write '{file}'.");
        }

        await prompts.ConsumeAnswersAsync(cancellationToken);
        var written = await changes.WriteAsync(file, bytes, found, cancellationToken);
        return ToolResult.Of(
            new WriteFileResult(file.Value, Written: true) { Size = written.Length, Etag = written.ETag },
            $"{(found is null ? "Created" : "Replaced")} '{file}' ({bytes.Length} bytes).");
    }

    private byte[] Encode(string content)
    {
        var maxBytes = options.Value.MaxWriteBytes;
        var length = Encoding.UTF8.GetByteCount(content);
        if (length > maxBytes)
        {
            throw new McpException($"content: has {length} bytes in UTF-8; at most {maxBytes} can be written. Write less text.");
        }

        try
        {
            return s_utf8.GetBytes(content);
        }
        catch (EncoderFallbackException)
        {
            throw new McpException("content: contains half a surrogate pair, which is not valid text. Remove it.");
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
    private static string Question(FilePath file, int length, FileEntry? found) => found is null
        ? string.Create(CultureInfo.InvariantCulture, $"Create the file '{file}' with {length:N0} bytes?")
        : string.Create(CultureInfo.InvariantCulture,
            $"Replace '{file}' ({found.Length:N0} bytes, last written {found.LastModified:yyyy-MM-dd HH:mm:ss.fff} UTC) with "
                + $"{length:N0} bytes of new content?");
}
