namespace RemoteMcp.Observability;

/// <summary>
/// Names a log category whose lines are all written, at any rate. Its code limits the lines that anyone can cause. For all other
/// categories, <see cref="SafeLogger"/> limits the rate.
/// </summary>
/// <param name="Category">The category.</param>
internal sealed record CompleteLog(string Category);
