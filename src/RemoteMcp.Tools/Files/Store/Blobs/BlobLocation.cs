using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>The container from the settings, and the shared folder in it.</summary>
/// <param name="Url">The URL of the container, or <see langword="null"/> if a connection string names the account.</param>
/// <param name="Container">The name of the container.</param>
/// <param name="Folder">The shared folder, or the root to share the whole container.</param>
internal sealed partial record BlobLocation(Uri? Url, string Container, FilePath Folder)
{
    private const string UrlForm = "https://ACCOUNT.blob.core.windows.net/CONTAINER or .../CONTAINER/FOLDER";

    /// <summary>Parses the setting.</summary>
    /// <param name="text">A URL or, with a connection string, the name of a container. A folder can follow.</param>
    /// <param name="isUrl">Whether the text must be a URL. Otherwise it must be the name of a container.</param>
    /// <param name="location">The container and the folder.</param>
    /// <param name="problem">
    /// The problem and its remedy, as a clause that follows the name of the setting. It never contains a value that can be a secret.
    /// </param>
    public static bool TryParse(
        string text, bool isUrl, [NotNullWhen(true)] out BlobLocation? location, [NotNullWhen(false)] out string? problem)
    {
        location = null;
        if (!isUrl)
        {
            var parts = text.Split('/', 2);
            return TryCreate(null, parts[0], parts.ElementAtOrDefault(1), out location, out problem);
        }

        problem = !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0
            ? $"is '{text}', which is not an absolute URL. Set it to {UrlForm}."
            : url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0 ? $"(on {url.Host}) contains more than an "
                + $"address, possibly a secret. Set it to {UrlForm}. The server's own identity needs no secret."
            : url.Scheme != Uri.UriSchemeHttps ? $"is '{text}', which is not https. Set it to {UrlForm}."
            : null;
        if (problem is not null)
        {
            return false;
        }

        var address = new BlobUriBuilder(url!);
        var folder = address.BlobName;
        address.BlobName = "";
        return TryCreate(address.ToUri(), address.BlobContainerName, folder, out location, out problem);
    }

    private static bool TryCreate(
        Uri? url,
        string container,
        string? folder,
        [NotNullWhen(true)] out BlobLocation? location,
        [NotNullWhen(false)] out string? problem)
    {
        location = null;
        if (!ContainerName().IsMatch(container))
        {
            problem = $"names the container '{container}'. A container's name has 3 to 63 lower-case letters, digits and single "
                + $"hyphens{(url is null ? "" : $", as in {UrlForm}")}.";
            return false;
        }

        if (!FilePath.TryParse(folder, out var path, out var wrong))
        {
            problem = $"names a folder that {wrong}. Write the folder's names with '/' between them.";
            return false;
        }

        location = new BlobLocation(url, container, path);
        problem = null;
        return true;
    }

    // See "Naming and referencing containers, blobs, and metadata". $root and $web are the two special names of containers that hold files.
    [GeneratedRegex(@"^(?:\$root|\$web|(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*)\z")]
    private static partial Regex ContainerName();
}
