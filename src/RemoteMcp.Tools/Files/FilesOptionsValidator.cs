using System.Globalization;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Tools.Files;

/// <summary>Checks the settings when the server starts, so that a wrong one stops it with its name, its value and the remedy.</summary>
internal sealed class FilesOptionsValidator : IValidateOptions<FilesOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, FilesOptions options)
    {
        string[] failures =
        [
            .. Folder(nameof(FilesOptions.Root), options.Root),
            .. Range(nameof(FilesOptions.TimeLimit), options.TimeLimit, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            .. Range(nameof(FilesOptions.Parallelism), options.Parallelism, 1, 16),
            .. Range(nameof(FilesOptions.MaxReadLength), options.MaxReadLength, 1_000, 1_000_000),
            .. Range(nameof(FilesOptions.MaxWriteBytes), options.MaxWriteBytes, 1024, 16 * 1024 * 1024),
            .. Range(nameof(FilesOptions.MaxResourceBytes), options.MaxResourceBytes, 1024, 16 * 1024 * 1024),
        ];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Folder(string setting, string? value)
    {
        if (!Directory.Exists(value))
        {
            yield return $"{FilesOptions.Section}:{setting} is '{value}', which is not a folder that this process can see. Set it to an existing folder.";
        }
    }

    private static IEnumerable<string> Range<T>(string setting, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{FilesOptions.Section}:{setting} is {value}. Set it to a value from {least} to {most}.");
        }
    }
}
