using System.Diagnostics.CodeAnalysis;

namespace RemoteMcp.Tools.Files.Store;

/// <summary>
/// The place of a file or directory in a store: names joined by <c>/</c>, relative to the root, which is the empty path.
/// A value of this type keeps every rule of <see cref="FilePathRules"/>, so whatever holds one need not check again.
/// </summary>
internal readonly record struct FilePath
{
    private readonly string? _value;

    private FilePath(string value) => _value = value;

    /// <summary>The root of the store.</summary>
    public static FilePath Root => default;

    /// <summary>The path as stores know it; empty for the root.</summary>
    public string Value => _value ?? "";

    /// <summary>Whether this is the root.</summary>
    public bool IsRoot => Value.Length == 0;

    /// <summary>The last name of the path.</summary>
    public string Name => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>The directory that holds this entry; the root's is the root.</summary>
    public FilePath Parent => Value.LastIndexOf('/') is > 0 and int end ? new FilePath(Value[..end]) : Root;

    /// <summary>Reads what a caller wrote. <c>.</c>, <c>./a</c> and a trailing slash are understood; nothing is decoded.</summary>
    /// <param name="text">The caller's spelling; <see langword="null"/> and empty mean the root.</param>
    /// <param name="path">The path.</param>
    /// <param name="problem">Why it is refused, as a clause that follows the parameter's name.</param>
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

        string value = string.Join('/', text.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(name => name != "."));
        path = value.Length == 0 ? Root : new FilePath(value);
        return true;
    }

    /// <summary>The path of an entry of this directory, unless its name is one that no caller could give back.</summary>
    public bool TryChild(string name, out FilePath child)
    {
        string value = IsRoot ? name : $"{Value}/{name}";
        bool addressable = name is not ("" or ".") && !name.Contains('/') && FilePathRules.FindProblem(value) is null;
        child = addressable ? new FilePath(value) : default;
        return addressable;
    }

    /// <summary>This path as seen from one of the directories above it.</summary>
    public string Below(FilePath directory) => directory.IsRoot || this == directory ? Value : Value[(directory.Value.Length + 1)..];

    /// <summary>The path as people write it: <c>.</c> for the root.</summary>
    public override string ToString() => IsRoot ? "." : Value;
}
