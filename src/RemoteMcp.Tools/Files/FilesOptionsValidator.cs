using System.Globalization;
using Microsoft.Extensions.Options;
using RemoteMcp.Tools.Files.Store.Blobs;

namespace RemoteMcp.Tools.Files;

/// <summary>
/// Validates the options when the server starts. If an option is invalid, the server stops, and the error has the name, the value and the
/// remedy.
/// </summary>
internal sealed class FilesOptionsValidator : IValidateOptions<FilesOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, FilesOptions options)
    {
        string[] failures =
        [
            .. options.Container is null ? Folder(options) : Blobs(options),
            .. Range(nameof(FilesOptions.TimeLimit), options.TimeLimit, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            .. Range(nameof(FilesOptions.Parallelism), options.Parallelism, 1, 16),
            .. Range(nameof(FilesOptions.MaxReadLength), options.MaxReadLength, 1_000, 1_000_000),
            .. Range(nameof(FilesOptions.MaxWriteBytes), options.MaxWriteBytes, 1024, 16 * 1024 * 1024),
            .. Range(nameof(FilesOptions.MaxResourceBytes), options.MaxResourceBytes, 1024, 16 * 1024 * 1024),
        ];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Folder(FilesOptions options)
    {
        if (options.Root is { } root && !Directory.Exists(root))
        {
            yield return $"{Setting(nameof(options.Root))} is '{root}', which is not a folder that this process can see. Set it to an existing folder.";
        }

        if (options.ConnectionString is not null)
        {
            yield return $"{Setting(nameof(options.ConnectionString))} is set without a container. Set "
                + $"{Setting(nameof(options.Container))} to the container's name, or remove both settings.";
        }
    }

    private static IEnumerable<string> Blobs(FilesOptions options)
    {
        if (!string.IsNullOrEmpty(options.Root))
        {
            yield return $"{Setting(nameof(options.Root))} is '{options.Root}', and {Setting(nameof(options.Container))} is set too. Keep "
                + "either the folder (also set by --root) or the container.";
        }

        if (options.AllowChanges)
        {
            yield return $"{Setting(nameof(options.AllowChanges))} is true, but the files of a container are read only. Set it to false, "
                + $"or share a folder with {Setting(nameof(options.Root))}.";
        }

        if (options.ConnectionString is { } connectionString && AzuriteConnectionString.FindProblem(connectionString) is { } wrongConnection)
        {
            yield return $"{Setting(nameof(options.ConnectionString))} {wrongConnection}";
        }

        if (!BlobPlace.TryParse(options.Container!, isUrl: options.ConnectionString is null, out _, out string? wrongPlace))
        {
            yield return $"{Setting(nameof(options.Container))} {wrongPlace}";
        }
    }

    private static IEnumerable<string> Range<T>(string setting, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{Setting(setting)} is {value}. Set it to a value from {least} to {most}.");
        }
    }

    private static string Setting(string name) => $"{FilesOptions.Section}:{name}";
}
