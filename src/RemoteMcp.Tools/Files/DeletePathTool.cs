using System.ComponentModel;
using System.Globalization;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Elicitation;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Store.Local;

namespace RemoteMcp.Tools.Files;

/// <summary>The structured result of the <c>delete_path</c> tool.</summary>
internal sealed record DeletePathResult(
    [property: Description("The path, relative to the shared folder.")] string Path,
    [property: Description("Whether it was deleted. False if the user declined.")] bool Deleted);

/// <summary>
/// Provides the <c>delete_path</c> tool, which deletes a file or an empty folder of the shared folder after a prompt to the user.
/// </summary>
[McpServerToolType]
[RequiresScope("Files.Write", AppRole = "Files.Write.All")]
internal sealed class DeletePathTool(LocalFileChanges changes)
{
    /// <summary>Deletes a file, a link or an empty folder.</summary>
    [McpServerTool(
        Name = "delete_path", Title = "Delete file or empty folder",
        ReadOnly = false, Idempotent = true, Destructive = true, OpenWorld = false,
        UseStructuredContent = true, OutputSchemaType = typeof(DeletePathResult))]
    [Description("Deletes one file, one symbolic link (not its target) or one empty folder in the shared folder. Refuses names that start "
        + "with a dot. Asks the user first.")]
    public async Task<CallToolResult> DeleteAsync(
        [Description("The path to delete, relative to the shared folder, with '/' between names.")] string path,
        UserPrompts prompts,
        CancellationToken cancellationToken = default)
    {
        var target = PathArgument.Parse(path);
        if (target.IsRoot)
        {
            throw new McpException("path: the shared folder itself cannot be deleted. Specify a path in it.");
        }

        var found = changes.Find(target) ?? throw new FileProblemException(FileProblem.NotFound, target);
        changes.RequireDeletable(found);
        if (!await prompts.ConfirmAsync(Question(found), cancellationToken))
        {
            return ToolResult.Of(new DeletePathResult(target.Value, Deleted: false), "Nothing was deleted: the user did not agree to "
                + $"delete '{target}'.");
        }

        await prompts.ConsumeAnswersAsync(cancellationToken);
        changes.Delete(found);
        return ToolResult.Of(new DeletePathResult(target.Value, Deleted: true), $"Deleted '{target}'.");
    }

    // The prompt describes the file, so that the user's consent is valid only for this version of it.
    private static string Question(FileEntry found) => found.Kind switch
    {
        FileKind.File => string.Create(CultureInfo.InvariantCulture,
            $"Delete the file '{found.Path}' ({found.Length:N0} bytes, last written {found.LastModified:yyyy-MM-dd HH:mm:ss.fff} UTC)?"),
        FileKind.Directory => $"Delete the empty folder '{found.Path}'?",
        _ => $"Delete the symbolic link '{found.Path}', but not its target?",
    };
}
