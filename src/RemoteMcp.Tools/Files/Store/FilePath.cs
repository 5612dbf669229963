using System.Diagnostics.CodeAnalysis;
using RemoteMcp.Tools.Files.Text;

namespace RemoteMcp.Tools.Files.Store;

/// <summary>
/// A path in a file store: names separated by <c>/</c>, relative to the root. The empty path is the root. A value of this type always
/// satisfies the rules of <see cref="FilePathRules"/>, so code that gets one does not need to validate it again.
/// </summary>
internal readonly record struct FilePath
{
    private readonly string? _value;

    private FilePath(string value) => _value = value;

    /// <summary>Gets the root of the store.</summary>
    public static FilePath Root => default;

    /// <summary>Gets the path as a string for the store. The string is empty for the root.</summary>
    public string Value => _value ?? "";

    /// <summary>Gets whether this path is the root.</summary>
    public bool IsRoot => Value.Length == 0;

    /// <summary>Gets the last name of the path.</summary>
    public string Name => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>Gets the directory of this entry. The parent of the root is the root.</summary>
    public FilePath Parent => Value.LastIndexOf('/') is > 0 and int end ? new FilePath(Value[..end]) : Root;

    /// <summary>
    /// Parses a path from a caller. The method accepts <c>.</c>, <c>./a</c> and a trailing slash, and does not decode anything.
    /// </summary>
    /// <param name="text">The text from the caller. <see langword="null"/> and an empty string mean the root.</param>
    /// <param name="path">The path.</param>
    /// <param name="problem">The reason why the text is refused, as a clause that follows the name of the parameter.</param>
    public static bool TryParse(string? text, out FilePath path, [NotNullWhen(false)] out string? problem)
    {
        path = default;
        if (string.IsNullOrEmpty(text))
        {
            problem = null;
            return true;
        }

        problem = FilePathRules.FindProblem(text);
        if (problem is not null)
        {
            return false;
        }

        var value = string.Join('/', text.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(name => name != "."));
        path = value.Length == 0 ? Root : new FilePath(value);
        return true;
    }

    /// <summary>
    /// Creates the path of an entry in this directory. Returns <see langword="false"/> if a caller could not pass the name back.
    /// </summary>
    public bool TryChild(string name, out FilePath child)
    {
        var value = IsRoot ? name : $"{Value}/{name}";
        var addressable = name is not ("" or ".") && !name.Contains('/') && FilePathRules.FindProblem(value) is null;
        child = addressable ? new FilePath(value) : default;
        return addressable;
    }

    /// <summary>Returns this path relative to a directory above it.</summary>
    public string Below(FilePath directory) => directory.IsRoot || this == directory ? Value : Value[(directory.Value.Length + 1)..];

    /// <summary>Returns the path for a message: <c>.</c> for the root, and escapes for invisible characters.</summary>
    public override string ToString() => IsRoot ? "." : VisibleText.Of(Value);
}
