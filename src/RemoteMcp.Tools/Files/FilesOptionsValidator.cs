using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.Tools.Files.Store.Blobs;

namespace RemoteMcp.Tools.Files;

/// <summary>
/// Validates the options when the server starts. If an option is invalid, the server stops, and the error has the name, the value and the
/// remedy.
/// </summary>
internal sealed class FilesOptionsValidator : IValidateOptions<FilesOptions>
{
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, FilesOptions options)
    {
        var errors = new SettingErrors(FilesOptions.Section);
        if (options.Container is null)
        {
            ValidateFolder(options, errors);
        }
        else
        {
            ValidateContainer(options, options.Container, errors);
        }

        errors.RequireRange(nameof(options.TimeLimit), options.TimeLimit, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        errors.RequireRange(nameof(options.Parallelism), options.Parallelism, 1, 16);
        errors.RequireRange(nameof(options.MaxReadLength), options.MaxReadLength, 1_000, 1_000_000);
        errors.RequireRange(nameof(options.MaxWriteBytes), options.MaxWriteBytes, 1024, MaxBytes);
        errors.RequireRange(nameof(options.MaxResourceBytes), options.MaxResourceBytes, 1024, MaxBytes);
        foreach (var allowed in options.AllowedDotNames)
        {
            if (string.IsNullOrWhiteSpace(allowed) || allowed.Contains('/') || allowed.Contains('\\'))
            {
                errors.Add(
                    nameof(options.AllowedDotNames),
                    $"contains '{allowed}', which is not the name of a file or folder. List names without a path, e.g. .github, or *.");
            }
        }

        return errors.ToResult();
    }

    private static void ValidateFolder(FilesOptions options, SettingErrors errors)
    {
        if (options.Root is { } root && !Directory.Exists(root))
        {
            errors.Add(
                nameof(options.Root),
                $"is '{root}', which is not a folder that this process can see. Set it to an existing folder.");
        }

        if (options.ConnectionString is not null)
        {
            errors.Add(
                nameof(options.ConnectionString),
                $"is set without a container. Set {errors.NameOf(nameof(options.Container))} to the container's name, "
                    + "or remove both settings.");
        }
    }

    private static void ValidateContainer(FilesOptions options, string container, SettingErrors errors)
    {
        if (!string.IsNullOrEmpty(options.Root))
        {
            errors.Add(
                nameof(options.Root),
                $"is '{options.Root}', and {errors.NameOf(nameof(options.Container))} is set too. "
                + "Keep either the folder (also set by --root) or the container.");
        }

        if (options.AllowChanges)
        {
            errors.Add(
                nameof(options.AllowChanges),
                "is true, but the files of a container are read only. Set it to false, "
                + $"or share a folder with {errors.NameOf(nameof(options.Root))}.");
        }

        if (options.ConnectionString is { } connectionString
            && BlobContainers.ValidateConnectionString(connectionString) is { } connectionProblem)
        {
            errors.Add(nameof(options.ConnectionString), connectionProblem);
        }

        if (!BlobLocation.TryParse(container, isUrl: options.ConnectionString is null, out _, out var problem))
        {
            errors.Add(nameof(options.Container), problem);
        }
    }
}
